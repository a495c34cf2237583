"""A consumer of Sluice's messages as a function of AWS Lambda. README.md describes what it writes."""
import json
import os
import re

import boto3

from sluice_messages import MOST_BYTES, Excess, Message, Part, prove

S3, BUCKET, PREFIX = boto3.client("s3"), os.environ["BUCKET"], os.environ.get("PREFIX", "")


def handle(event, context):
    """Stores messages, completes their inputs, and returns which messages SQS must deliver again."""
    failures, folders = {}, {}
    for record in event["Records"]:
        try:
            message = Message(record, offloaded)
            folders.setdefault(store(message), []).append(message)
        except Exception as error:  # whatever is wrong with one message, the others are acknowledged
            failures[record["messageId"]] = error
    for folder, messages in folders.items():
        try:
            complete(folder)
        except Exception as error:  # the rows are stored; but if there are too many, nobody may take the folder for complete
            failures |= {message.record: error for message in messages
                         if message.content == "manifest" or isinstance(error, Excess)}
    for record in event["Records"]:
        if error := failures.get(record["messageId"]):
            print(f"{record['messageId']} of {record['messageAttributes'].get('sluice.source', {}).get('stringValue')}: {error!r}")
    return {"batchItemFailures": [{"itemIdentifier": record} for record in failures]}


def store(message):
    """Writes what a message holds, and returns the folder of its input."""
    name = re.sub(rb"[^A-Za-z0-9.-]", lambda match: b"_%02X" % match[0][0], message.source.encode()).decode()
    folder = f"{PREFIX}{name}/"
    if message.content in ("manifest", "aborted"):
        put(f"{folder}_{message.content.upper()}", message.body)
    else:
        rows, part = message.rows()
        put(folder + ("_rejects-" if message.content == "rejects" else "") + str(part), "\n".join([*rows, ""]))
    return folder


def complete(folder):
    """Marks an input as complete. Fails unless its manifest is there and proves it."""
    manifest = json.load(S3.get_object(Bucket=BUCKET, Key=folder + "_MANIFEST")["Body"])
    pages = S3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=folder)
    names = [item["Key"].removeprefix(folder) for page in pages for item in page.get("Contents", [])]
    prove(manifest, [part for part in map(Part.named, names) if part])
    put(folder + "_SUCCESS", "")


def offloaded(bucket, key):
    """Returns a body that was too large for the queue. Whoever may send messages could name any object: only one bucket counts."""
    if bucket != os.environ.get("OFFLOAD_BUCKET"):
        raise PermissionError(f"OFFLOAD_BUCKET does not name the bucket {bucket}")
    found = S3.get_object(Bucket=bucket, Key=key)
    if found["ContentLength"] > MOST_BYTES:
        raise ValueError(f"s3://{bucket}/{key} has more than {MOST_BYTES} bytes")
    return found["Body"].read()


def put(key, text):
    S3.put_object(Bucket=BUCKET, Key=key, Body=text.encode())
