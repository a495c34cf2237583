"""Computes ids of messages as a consumer would: from the output of `sluice messages` and the bytes of the input, with
Python's SHA-256 and Debian's xxhsum."""
import hashlib
import json
import subprocess


def xxh3_128(data):
    """Returns the digest as 32 hexadecimal digits."""
    done = subprocess.run(["xxhsum", "-H2", "-"], input=data, capture_output=True, check=True)
    return done.stdout.split()[0].decode()


def message_id(attributes, configuration, last):
    lines = [attributes["sluice.content"], attributes["sluice.source"], configuration, attributes["sluice.index"],
             attributes["sluice.range"], last]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def expected(lines, data):
    """Returns the ids that the messages of one input should have, and the sum of the ids with rows. `data` is the unpacked
    input."""
    messages = [json.loads(line) for line in lines]
    report = json.loads(messages[-1]["body"])
    ids = []
    for message in messages[:-1]:
        start, end = map(int, message["attributes"]["sluice.range"].split("-"))
        ids.append(message_id(message["attributes"], report["configuration"], xxh3_128(data[start:end])))
    total = "%032x" % (sum(int(digits, 16) for digits in ids) % 2**128)
    error = report.get("error")
    fault = "".join(f";{error[name]}" for name in ("code", "offset", "record", "field")) if error else ""
    return ids + [message_id(messages[-1]["attributes"], report["configuration"], total + fault)], total
