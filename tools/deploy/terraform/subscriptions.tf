resource "aws_sns_topic_subscription" "function" {
  topic_arn = aws_sns_topic.uploads.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.sluice.arn

  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead["undelivered"].arn })

  depends_on = [aws_lambda_permission.topic]
}

resource "aws_lambda_permission" "topic" {
  statement_id  = "TopicInvokes"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.sluice.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.uploads.arn
}

resource "aws_sns_topic_subscription" "audit" {
  topic_arn = aws_sns_topic.uploads.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.audit.arn

  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead["audit"].arn })
}
