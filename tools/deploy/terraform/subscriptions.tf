# Sends uploads to the function, or to its buffer.
resource "aws_sns_topic_subscription" "function" {
  count     = var.eventbridge ? 0 : 1
  topic_arn = local.notified_topic_arn
  protocol  = var.buffer ? "sqs" : "lambda"
  endpoint  = var.buffer ? aws_sqs_queue.events[0].arn : aws_lambda_function.sluice.arn

  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead["undelivered"].arn })

  depends_on = [aws_lambda_permission.topic, aws_lambda_event_source_mapping.events]

  # When `buffer` changes, no upload is missed in between; those that come twice are converted once.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lambda_permission" "topic" {
  count         = var.eventbridge || var.buffer ? 0 : 1
  statement_id  = "TopicInvokes"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.sluice.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = local.notified_topic_arn
}

resource "aws_sns_topic_subscription" "audit" {
  count     = var.eventbridge ? 0 : 1
  topic_arn = local.notified_topic_arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.audit.arn

  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead["audit"].arn })
}
