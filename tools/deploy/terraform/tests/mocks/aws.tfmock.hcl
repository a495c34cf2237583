# Values that AWS would choose, fixed so that policies can be compared exactly.
mock_data "aws_caller_identity" {
  defaults = { account_id = "123456789012" }
}

mock_data "aws_partition" {
  defaults = {
    partition  = "aws"
    dns_suffix = "amazonaws.com"
  }
}

mock_data "aws_region" {
  defaults = { id = "eu-west-1" }
}

mock_data "aws_servicequotas_service_quota" {
  defaults = { value = 110 }
}

mock_resource "aws_s3_bucket" {
  defaults = { arn = "arn:aws:s3:::sluice-uploads-123456789012" }
}

mock_resource "aws_s3_object" {
  defaults = { version_id = "abcdefghijklmnopqrstuvwxyz012345" }
}

mock_resource "aws_kms_key" {
  defaults = {
    arn    = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    key_id = "11111111-2222-3333-4444-555555555555"
  }
}

mock_resource "aws_sns_topic" {
  defaults = { arn = "arn:aws:sns:eu-west-1:123456789012:sluice-uploads" }
}

mock_resource "aws_iam_role" {
  defaults = {
    arn = "arn:aws:iam::123456789012:role/sluice-function"
    id  = "sluice-function"
  }
}

mock_resource "aws_lambda_function" {
  defaults = { arn = "arn:aws:lambda:eu-west-1:123456789012:function:sluice" }
}

mock_resource "aws_cloudwatch_event_rule" {
  defaults = { arn = "arn:aws:events:eu-west-1:123456789012:rule/sluice-failures" }
}

mock_resource "aws_ecs_cluster" {
  defaults = { arn = "arn:aws:ecs:eu-west-1:123456789012:cluster/sluice-task" }
}

override_resource {
  target = aws_sqs_queue.messages
  values = {
    arn = "arn:aws:sqs:eu-west-1:123456789012:sluice-messages"
    url = "https://sqs.eu-west-1.amazonaws.com/123456789012/sluice-messages"
  }
}

override_resource {
  target = aws_sqs_queue.dead["messages"]
  values = { arn = "arn:aws:sqs:eu-west-1:123456789012:sluice-messages-dead" }
}

override_resource {
  target = aws_sqs_queue.errors
  values = {
    arn = "arn:aws:sqs:eu-west-1:123456789012:sluice-errors"
    url = "https://sqs.eu-west-1.amazonaws.com/123456789012/sluice-errors"
  }
}

override_resource {
  target = aws_sqs_queue.audit
  values = { arn = "arn:aws:sqs:eu-west-1:123456789012:sluice-audit" }
}

override_resource {
  target = aws_sqs_queue.dead["audit"]
  values = { arn = "arn:aws:sqs:eu-west-1:123456789012:sluice-audit-dead" }
}

override_resource {
  target = aws_sqs_queue.dead["undelivered"]
  values = { arn = "arn:aws:sqs:eu-west-1:123456789012:sluice-undelivered" }
}

override_resource {
  target = aws_sqs_queue.dead["failed"]
  values = { arn = "arn:aws:sqs:eu-west-1:123456789012:sluice-failed" }
}
