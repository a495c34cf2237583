output "bucket" {
  description = "Name of the bucket for uploads."
  value       = coalesce(one(aws_s3_bucket.uploads[*].id), local.bucket)

  # Wait for the notification, so that every upload to this bucket is noticed.
  depends_on = [aws_s3_bucket_notification.uploads, aws_cloudwatch_event_target.uploads]

  precondition {
    condition     = var.existing_bucket == null || var.eventbridge || var.existing_topic_arn != null
    error_message = "existing_bucket: nothing would report its uploads. A bucket has one configuration of notifications, and the module never replaces that of yours. Set eventbridge = true and switch EventBridge on in the bucket, or let the bucket notify a topic and set existing_topic_arn."
  }
  precondition {
    condition     = !(var.eventbridge && var.existing_topic_arn != null)
    error_message = "eventbridge and existing_topic_arn exclude each other: with EventBridge there is no topic. Set one of them."
  }
  precondition {
    condition     = var.existing_bucket == null || (var.bucket_name == null && length(var.uploader_arns) == 0)
    error_message = "existing_bucket: leave out bucket_name; and instead of uploader_arns, name who may upload in the bucket's own policy, which the module does not replace."
  }
  precondition {
    condition     = length(var.subscriber_accounts) == 0 || local.topic_count == 1
    error_message = "subscriber_accounts: the module makes no topic. Name them in the policy of existing_topic_arn; with eventbridge, they need rules of their own."
  }
  precondition {
    condition     = !var.requester_pays || var.existing_bucket != null
    error_message = "requester_pays is for an existing_bucket of another account; this account pays for its own anyway. Leave it out."
  }
}

output "topic_arn" {
  description = "ARN of the topic of notifications, for further subscribers; null with eventbridge."
  value       = local.notified_topic_arn
}

output "queue_url" {
  description = "URL of the message queue."
  value       = local.queue_url
}

output "queue_arn" {
  description = "ARN of the message queue, for the consumer's policy."
  value       = local.queue_arns.messages

  precondition {
    condition     = var.existing_queue_arn == null || (!var.fifo && length(var.consumer_arns) == 0)
    error_message = "existing_queue_arn: leave out fifo, which the queue's name states; and instead of consumer_arns, name the consumers in the queue's own policy, which the module does not replace."
  }
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
  value       = local.log_group
}

output "row_bucket" {
  description = "Name of the bucket to which the consumer writes rows; null without `consumer`."
  value       = try(coalesce(one(aws_s3_bucket.rows[*].id), local.row_bucket), null)
}

output "consumer_role_arn" {
  description = "ARN of the consumer's role, for what a consumer of your own needs beyond it; null without `consumer`."
  value       = one(aws_iam_role.consumer[*].arn)
}
