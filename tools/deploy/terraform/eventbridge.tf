# With EventBridge instead of a topic: a rule for uploads, which invokes the function, or fills its buffer, and sends the audit queue a copy of each
# event. Others that want to hear of uploads make rules of their own.
locals {
  uploads_rule     = "${var.name}-uploads"
  uploads_rule_arn = "arn:${local.partition}:events:${local.region}:${local.account}:rule/${local.uploads_rule}"

  # Who sends notifications to the queues that take them.
  notifier = var.eventbridge ? { sid = "RuleSends", service = "events.amazonaws.com", arn = local.uploads_rule_arn } : {
  sid = "TopicSends", service = "sns.amazonaws.com", arn = local.topic_arn }

  # EventBridge compares keys as they are, where S3 compares them encoded. In a wildcard, `\` must be escaped.
  uploads_keys = [for suffix in var.suffixes :
  { wildcard = "${replace(var.prefix, "\\", "\\\\")}*${replace(suffix, "\\", "\\\\")}" }]

  upload_targets = !var.eventbridge ? {} : {
    function = { arn = var.buffer ? aws_sqs_queue.events[0].arn : aws_lambda_function.sluice.arn, dead = aws_sqs_queue.dead["undelivered"].arn }
    audit    = { arn = aws_sqs_queue.audit.arn, dead = aws_sqs_queue.dead["audit"].arn }
  }
}

resource "aws_cloudwatch_event_rule" "uploads" {
  count       = var.eventbridge ? 1 : 0
  name        = local.uploads_rule
  description = "Uploads to ${local.bucket}"
  tags        = var.tags

  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [local.bucket] }
      object = { key = local.uploads_keys }
    }
  })
}

resource "aws_cloudwatch_event_target" "uploads" {
  for_each  = local.upload_targets
  rule      = aws_cloudwatch_event_rule.uploads[0].name
  target_id = each.key
  arn       = each.value.arn

  dead_letter_config {
    arn = each.value.dead
  }

  depends_on = [aws_lambda_permission.uploads, aws_lambda_event_source_mapping.events]
}

resource "aws_lambda_permission" "uploads" {
  count         = var.eventbridge && !var.buffer ? 1 : 0
  statement_id  = "UploadsInvoke"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.sluice.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.uploads[0].arn
}
