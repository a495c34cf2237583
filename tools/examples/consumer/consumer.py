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
BODY_LIMIT = 64 << 20


def handle(event, context):
    """Stores messages, and returns which ones SQS must deliver again."""
    failures, folders = [], {}

    def fail(record, error):
        print(f"{record['messageId']} of {label(record, 'source')}: {error!r}")
        failures.append({"itemIdentifier": record["messageId"]})

    for record in event["Records"]:
        try:
            manifests = folders.setdefault(store(record, label(record, "content"), record["body"]), [])
            manifests += [record] if label(record, "content") == "manifest" else []
        except Exception as error:  # whatever is wrong with one message, the others are acknowledged
            fail(record, error)
    for folder, manifests in folders.items():
        try:
            complete(folder)
        except Exception as error:  # rows are stored, whether or not they complete the input
            for record in manifests:
                fail(record, error)
    return {"batchItemFailures": failures}


def label(record, name):
    return record["messageAttributes"].get("sluice." + name, {}).get("stringValue", "")


def store(record, content, body):
    """Writes a message, and returns the folder of its input."""
    source = re.sub(rb"[^A-Za-z0-9.-]", lambda match: b"_%02X" % match[0][0], label(record, "source").encode()).decode()
    if not (source and CONTENT.fullmatch(content)):
        raise ValueError("this is no message of Sluice")
    folder = f"{PREFIX}{source}/"
    if content in ("manifest", "aborted"):
        put(f"{folder}_{content.upper()}", body)
    else:
        rows = lines(content, fetched(body) if "ExtendedPayloadSize" in record["messageAttributes"] else body)
        start, end = map(int, label(record, "range").split("-"))
        name = f"{start:020}-{end:020}-{len(rows)}-{label(record, 'id')}.ndjson"
        if not NAME.fullmatch(name):
            raise ValueError(f"sluice.id or sluice.range is invalid: {name}")
        put(folder + ("_rejects-" if content == "rejects" else "") + name, "\n".join([*rows, ""]))
    return folder


def lines(content, body):
    """Returns the rows of a body, each with the bytes that it has there."""
    if content.endswith("+zstd+base64"):
        body = unpacked(base64.b64decode(body, validate=True))
    if content.startswith("ndjson") or (content == "rejects" and not body.startswith("[")):
        rows = body.removesuffix("\n").split("\n")
        for row in rows:
            json.loads(row)
        return rows
    rows, start, decode = [], 1, json.JSONDecoder().raw_decode
    for _ in json.loads(body):  # which checks the commas too
        end = decode(body, start)[1]
        rows.append(body[start:end])
        start = end + 1
    return rows


def unpacked(frame):
    if zstd is None:
        raise NotImplementedError("this Python can't read zstd: use the runtime python3.14, or send without zstd_level")
    decompressor = zstd.ZstdDecompressor()
    body = decompressor.decompress(frame, BODY_LIMIT)
    if not decompressor.eof:
        raise ValueError(f"the body is cut short, or has more than {BODY_LIMIT} bytes")
    return body.decode()


def fetched(pointer):
    """Returns a body that was too large for the queue. Whoever may send messages could name any object: only one bucket counts."""
    place = json.loads(pointer)[1]
    if place["s3BucketName"] != os.environ.get("OFFLOAD_BUCKET"):
        raise PermissionError(f"the body is in the bucket {place['s3BucketName']}, which OFFLOAD_BUCKET does not name")
    reply = S3.get_object(Bucket=place["s3BucketName"], Key=place["s3Key"])
    if reply["ContentLength"] > BODY_LIMIT:
        raise ValueError(f"the body has more than {BODY_LIMIT} bytes")
    return reply["Body"].read().decode()


def complete(folder):
    """Marks an input as complete. Fails unless its manifest is there and proves it: the ranges of the messages tile the input, and
    messages, rows and the sum of ids are as stated."""
    manifest = json.load(S3.get_object(Bucket=BUCKET, Key=folder + "_MANIFEST")["Body"])
    pages = S3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=folder)
    names = [NAME.fullmatch(item["Key"], len(folder)) for page in pages for item in page.get("Contents", [])]
    names = [name for name in names if name]
    found = {"messages": len(names), "rows": sum(int(name[3]) for name in names),
             "idSum": f"{sum(int(name[4], 16) for name in names) % 2**128:032x}"}
    if found != {name: manifest[name] for name in found}:
        raise RuntimeError(f"there are not all rows, or others too: {found}")
    spans = sorted([(int(name[1]), int(name[2])) for name in names]
                   + [tuple(map(int, span.split("-"))) for span in manifest.get("empty", [])])
    if "empty" in manifest and [0] + [end for _, end in spans] != [start for start, _ in spans] + [manifest["bytes"]]:
        raise RuntimeError("the ranges of the messages don't tile the input")
    put(folder + "_SUCCESS", "")


def put(key, text):
    S3.put_object(Bucket=BUCKET, Key=key, Body=text.encode())
