"""A queue whose deliveries a test writes down: batches of messages, whatever was delivered before."""
import json

from support import Server

JSON = {"content-type": "application/x-amz-json-1.0"}


class Deliveries(Server):
    def __init__(self, batches):
        self.batches, self.deleted = list(batches), []
        super().__init__(self.answer)
        self.queue = f"{self.url}/0/q"

    def answer(self, request):
        body, operation = json.loads(request.body), request.headers["x-amz-target"].split(".")[1]
        if operation == "ReceiveMessage":
            return 200, JSON, json.dumps({"Messages": self.batches.pop(0) if self.batches else []}).encode()
        if operation == "DeleteMessageBatch":
            self.deleted += [entry["ReceiptHandle"] for entry in body["Entries"]]
        return 200, JSON, json.dumps({"Successful": [{"Id": entry["Id"]} for entry in body["Entries"]], "Failed": []}).encode()


def message(name, body, attributes=(), receipt=None):
    """Returns a message as SQS delivers it. `name` is its id, and its receipt if no other is given."""
    return {"MessageId": name, "ReceiptHandle": receipt or name, "Body": body, "MessageAttributes": {
        attribute: {"DataType": "String", "StringValue": value} for attribute, value in dict(attributes).items()}}
