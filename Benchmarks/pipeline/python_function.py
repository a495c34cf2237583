"""The function as one would write it in Python: reads each object of an event and sends its rows to a queue, ten messages
at a time. Only its start is measured."""
import csv
import io
import json
import os
import urllib.parse

import boto3

S3 = boto3.client("s3")
SQS = boto3.client("sqs")
ROWS = 500


def entries(rows):
    for start in range(0, len(rows), ROWS):
        yield {"Id": str(start), "MessageBody": json.dumps(rows[start:start + ROWS], ensure_ascii=False)}


def handler(event, context):
    for record in event["Records"]:
        key = urllib.parse.unquote_plus(record["s3"]["object"]["key"])
        body = S3.get_object(Bucket=record["s3"]["bucket"]["name"], Key=key)["Body"].read().decode()
        messages = list(entries(list(csv.DictReader(io.StringIO(body, newline="")))))
        for start in range(0, len(messages), 10):
            SQS.send_message_batch(QueueUrl=os.environ["SLUICE_QUEUE_URL"], Entries=messages[start:start + 10])
    return {}
