"""A consumer of Sluice's messages as a function of AWS Lambda. README.md describes what it writes."""
import base64
import json
import os
import re

import boto3

try:
    from compression import zstd
except ImportError:  # before Python 3.14
    zstd = None

S3, BUCKET, PREFIX = boto3.client("s3"), os.environ["BUCKET"], os.environ.get("PREFIX", "")
CONTENT = re.compile(r"(nd)?json(\+zstd\+base64)?|rejects|manifest|aborted")
NAME = re.compile(r"(\d{20})-(\d{20})-(\d+)-([0-9a-f]{32})\.ndjson")


class Excess(Exception):
    pass


def handle(event, context):
    """Stores messages, completes their inputs, and returns which messages SQS must deliver again."""
    failures, folders = {}, {}
    for record in event["Records"]:
        labels = {name.removeprefix("sluice."): value.get("stringValue", "")  # a binary one has none
                  for name, value in record["messageAttributes"].items()}
        try:
            if not (labels["source"] and CONTENT.fullmatch(labels["content"])):
                raise ValueError("this is no message of Sluice")
            source = re.sub(rb"[^A-Za-z0-9.-]", lambda match: b"_%02X" % match[0][0], labels["source"].encode()).decode()
            folder = f"{PREFIX}{source}/"
            store(folder, labels, record["body"])
            folders.setdefault(folder, {})[record["messageId"]] = labels["content"]
        except Exception as error:  # whatever is wrong with one message, the others are acknowledged
            failures[record["messageId"]] = error
    for folder, contents in folders.items():
        try:
            complete(folder)
        except Excess as error:  # nobody may take the folder for complete
            failures |= dict.fromkeys(contents, error)
        except Exception as error:  # rows are stored, whether or not they complete the input
            failures |= {message: error for message, content in contents.items() if content == "manifest"}
    for message, error in failures.items():
        print(f"{message}: {error!r}")
    return {"batchItemFailures": [{"itemIdentifier": message} for message in failures]}


def store(folder, labels, body):
    content = labels["content"]
    if content in ("manifest", "aborted"):
        return put(f"{folder}_{content.upper()}", body)
    if "ExtendedPayloadSize" in labels:  # whoever may send messages could name any object: only one bucket counts
        place = json.loads(body)[1]
        if place["s3BucketName"] != os.environ.get("OFFLOAD_BUCKET"):
            raise PermissionError(f"OFFLOAD_BUCKET does not name the bucket {place['s3BucketName']}")
        body = S3.get_object(Bucket=place["s3BucketName"], Key=place["s3Key"])["Body"].read().decode()
    if content.endswith("+zstd+base64"):
        if zstd is None:
            raise NotImplementedError("this Python can't read zstd: use the runtime python3.14, or send without zstd_level")
        body = zstd.decompress(base64.b64decode(body, validate=True)).decode()
    rows = lines(body, is_array=content.startswith("json") or (content == "rejects" and body.startswith("[")))
    start, end = map(int, labels["range"].split("-"))
    name = f"{start:020}-{end:020}-{len(rows)}-{labels['id']}.ndjson"
    if not NAME.fullmatch(name):
        raise ValueError(f"sluice.id or sluice.range is invalid: {name}")
    put(folder + ("_rejects-" if content == "rejects" else "") + name, "\n".join([*rows, ""]))


def lines(body, is_array):
    """Returns the rows of a body as they are written there."""
    if not is_array:
        rows = body.removesuffix("\n").split("\n")
        return [row for row in rows if json.loads(row) is not None]
    rows, end, decode = [], 0, json.JSONDecoder().raw_decode
    for _ in json.loads(body):  # which checks the commas too
        start, end = end + 1, decode(body, end + 1)[1]
        rows.append(body[start:end])
    return rows


def complete(folder):
    """Marks an input as complete. Fails unless its manifest is there and proves it: the ranges of the messages tile the input, and
    messages, rows and the sum of ids are as stated."""
    manifest = json.load(S3.get_object(Bucket=BUCKET, Key=folder + "_MANIFEST")["Body"])
    pages = S3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=folder)
    names = [NAME.fullmatch(item["Key"], len(folder)) for page in pages for item in page.get("Contents", [])]
    parts = [(int(name[1]), int(name[2]), int(name[3]), int(name[4], 16)) for name in names if name]
    found = {"messages": len(parts), "rows": sum(part[2] for part in parts),
             "idSum": f"{sum(part[3] for part in parts) % 2**128:032x}"}
    if len(parts) > manifest["messages"]:
        raise Excess(f"{folder} has {len(parts)} messages, more than the {manifest['messages']} of its manifest")
    if found != {name: manifest[name] for name in found}:
        raise RuntimeError(f"there are not all rows, or others too: {found}")
    spans = sorted([part[:2] for part in parts] + [tuple(map(int, span.split("-"))) for span in manifest.get("empty", [])])
    if "empty" in manifest and [0] + [end for _, end in spans] != [start for start, _ in spans] + [manifest["bytes"]]:
        raise RuntimeError("the ranges of the messages don't tile the input")
    put(folder + "_SUCCESS", "")


def put(key, text):
    S3.put_object(Bucket=BUCKET, Key=key, Body=text.encode())
