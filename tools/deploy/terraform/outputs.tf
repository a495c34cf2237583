output "bucket" {
  description = "Name of the bucket for uploads."
  value       = aws_s3_bucket.uploads.id

  # Wait for the notification, so that every upload to this bucket is noticed.
  depends_on = [aws_s3_bucket_notification.uploads]
}

output "topic_arn" {
  description = "ARN of the topic of notifications, for further subscribers."
  value       = aws_sns_topic.uploads.arn
}

output "queue_url" {
  description = "URL of the message queue."
  value       = aws_sqs_queue.messages.url
}

output "queue_arn" {
  description = "ARN of the message queue, for the consumer's policy."
  value       = aws_sqs_queue.messages.arn
}

output "error_queue_url" {
  description = "URL of the queue of reports about invalid files."
  value       = aws_sqs_queue.errors.url
}

output "audit_queue_url" {
  description = "URL of the queue with a copy of every notification."
  value       = aws_sqs_queue.audit.url
}

output "dead_letter_queue_urls" {
  description = "URLs of the queues for messages, notifications and events that could not be processed."
  value       = { for key, queue in aws_sqs_queue.dead : key => queue.url }
}

output "event_queue_url" {
  description = "URL of the queue in which uploads wait for the function; null without `buffer`."
  value       = one(aws_sqs_queue.events[*].url)
}

output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.sluice.function_name
}

output "state_machine_arn" {
  description = "ARN of the state machine that converts large objects."
  value       = aws_sfn_state_machine.convert.arn
}

output "work_bucket" {
  description = "Name of the bucket for the function's notes."
  value       = aws_s3_bucket.work.id
}

output "role_arn" {
  description = "ARN of the function's role."
  value       = aws_iam_role.function.arn
}

output "log_group" {
  description = "Name of the function's log group."
  value       = aws_cloudwatch_log_group.function.name
}
