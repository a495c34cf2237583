//! rust-csv with serde: `PROGRAM WAY FILE`, with the ways of `PeerProgram.swift`.

use std::{collections::HashMap, hint::black_box, io::Write};

use csv::{Error, Reader, StringRecord};
use serde::Deserialize;

/// A record of the input `narrow`.
#[derive(Deserialize)]
#[rustfmt::skip]
#[allow(dead_code)]
struct Flight {
    year: Option<i64>, month: Option<i64>, weekday: Option<i64>, departed: Option<i64>, scheduled: Option<i64>,
    delay: Option<i64>, arrived: Option<i64>, due: Option<i64>, late: Option<i64>, carrier: String, flight: Option<i64>,
    aircraft: String, origin: String, destination: String, minutes: Option<i64>, distance: Option<i64>,
    hour: Option<i64>, terminal: Option<i64>,
}

#[derive(Deserialize)]
struct Pair {
    a: String,
    b: Option<i64>,
}

/// Reads the records into one buffer, which is the fast way.
fn each(path: &str, mut body: impl FnMut(&StringRecord)) -> Result<(), Error> {
    let mut reader = Reader::from_path(path)?;
    let mut record = StringRecord::new();
    while reader.read_record(&mut record)? {
        body(&record);
    }
    Ok(())
}

fn borrowed(path: &str) -> Result<(), Error> {
    let mut sum = 0;
    each(path, |record| {
        sum += record
            .iter()
            .map(|field| black_box(field).len())
            .sum::<usize>()
    })?;
    println!("{sum}");
    Ok(())
}

fn strings(path: &str) -> Result<(), Error> {
    let mut sum = 0;
    each(path, |record| {
        sum += record
            .iter()
            .map(|field| black_box(field.to_owned()).len())
            .sum::<usize>()
    })?;
    println!("{sum}");
    Ok(())
}

fn column(path: &str) -> Result<(), Error> {
    let mut sum = 0;
    each(path, |record| sum += black_box(&record[2]).len())?;
    println!("{sum}");
    Ok(())
}

fn decode(path: &str) -> Result<(), Error> {
    let mut reader = Reader::from_path(path)?;
    let headers = reader.headers()?.clone();
    let mut record = StringRecord::new();
    let mut sum = 0;
    while reader.read_record(&mut record)? {
        let flight: Flight = black_box(record.deserialize(Some(&headers))?);
        sum += flight.year.unwrap_or(0) + flight.origin.len() as i64;
    }
    println!("{sum}");
    Ok(())
}

fn dictionary(path: &str) -> Result<(), Error> {
    let mut sum = 0;
    for row in Reader::from_path(path)?.deserialize() {
        let row: HashMap<String, String> = row?;
        sum += row["weekday"].len();
    }
    println!("{sum}");
    Ok(())
}

fn show<'a>(row: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let fields: Vec<String> = row
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    print!("{}\x1E", fields.join("\x1F"));
    let _ = std::io::stdout().flush();
}

fn rows(path: &str) -> Result<(), Error> {
    for row in Reader::from_path(path)?.deserialize() {
        let row: HashMap<String, String> = row?;
        show(
            row.iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
    }
    Ok(())
}

fn typed(path: &str) -> Result<(), Error> {
    for pair in Reader::from_path(path)?.deserialize() {
        let pair: Pair = pair?;
        let b = pair.b.map_or("none".to_owned(), |b| b.to_string());
        show([("a", pair.a.as_str()), ("b", b.as_str())]);
    }
    Ok(())
}

fn first(path: &str) -> Result<(), Error> {
    if let Some(record) = Reader::from_path(path)?.records().next() {
        show([("a", &record?[0])]);
    }
    Ok(())
}

fn forms(path: &str) -> Result<(), Error> {
    if let Some(record) = Reader::from_path(path)?.records().next() {
        show([("field by position", &record?[0])]);
    }
    if let Some(row) = Reader::from_path(path)?.deserialize().next() {
        let row: HashMap<String, String> = row?;
        show([("dictionary", row["a"].as_str())]);
    }
    if let Some(row) = Reader::from_path(path)?.deserialize().next() {
        let row: Vec<String> = row?;
        show([("array", row[0].as_str())]);
    }
    if let Some(pair) = Reader::from_path(path)?.deserialize().next() {
        let pair: Pair = pair?;
        show([("struct by serde", pair.a.as_str())]);
    }
    Ok(())
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let (way, path) = (arguments[1].as_str(), arguments[2].as_str());
    let result = match way {
        "borrowed" => borrowed(path),
        "strings" => strings(path),
        "column" => column(path),
        "dictionary" => dictionary(path),
        "decode" => decode(path),
        "rows" => rows(path),
        "typed" => typed(path),
        "first" => first(path),
        "forms" => forms(path),
        "nothing" => Ok(()),
        _ => return println!("error: no such way"),
    };
    if let Err(error) = result {
        println!("error: {error}");
    }
}
