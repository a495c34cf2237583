output "bucket" {
  description = "Name of the bucket for uploads."
  value       = aws_s3_bucket.uploads.id

  # Known only once uploads are heard.
  depends_on = [aws_s3_bucket_notification.uploads]
}

output "topic_arn" {
  description = "Topic of the notifications, for further subscribers."
  value       = aws_sns_topic.uploads.arn
}

output "queue_url" {
  description = "Queue of the messages."
  value       = aws_sqs_queue.messages.url
}

output "queue_arn" {
  description = "ARN of the queue of the messages, for the consumer's policy."
  value       = aws_sqs_queue.messages.arn
}

output "error_queue_url" {
  description = "Queue of the reports about bad files."
  value       = aws_sqs_queue.errors.url
}

output "audit_queue_url" {
  description = "Queue with a copy of every notification."
  value       = aws_sqs_queue.audit.url
}

output "dead_letter_queue_urls" {
  description = "Where things end up that could not be worked off."
  value       = { for key, queue in aws_sqs_queue.dead : key => queue.url }
}

output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.sluice.function_name
}

output "state_machine_arn" {
  description = "State machine that converts large objects."
  value       = aws_sfn_state_machine.convert.arn
}

output "work_bucket" {
  description = "Bucket of the function's notes."
  value       = aws_s3_bucket.work.id
}

output "role_arn" {
  description = "Role of the function."
  value       = aws_iam_role.function.arn
}

output "log_group" {
  description = "Log group of the function."
  value       = aws_cloudwatch_log_group.function.name
}
