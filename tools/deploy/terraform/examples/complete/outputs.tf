output "bucket" {
  description = "Name of the bucket for uploads."
  value       = module.sluice.bucket
}

output "queue_url" {
  description = "URL of the message queue."
  value       = module.sluice.queue_url
}

output "error_queue_url" {
  description = "URL of the queue of reports about invalid files."
  value       = module.sluice.error_queue_url
}

output "audit_queue_url" {
  description = "URL of the queue with a copy of every notification."
  value       = module.sluice.audit_queue_url
}

output "dead_letter_queue_urls" {
  description = "URLs of the queues for messages, notifications and events that could not be processed."
  value       = module.sluice.dead_letter_queue_urls
}

output "event_queue_url" {
  description = "URL of the queue in which uploads wait for the function; null without `buffer`."
  value       = module.sluice.event_queue_url
}

output "topic_arn" {
  description = "ARN of the topic of notifications."
  value       = module.sluice.topic_arn
}

output "function_name" {
  description = "Name of the function."
  value       = module.sluice.function_name
}

output "state_machine_arn" {
  description = "ARN of the state machine that converts large objects."
  value       = module.sluice.state_machine_arn
}

output "work_bucket" {
  description = "Name of the bucket for the function's notes."
  value       = module.sluice.work_bucket
}

output "log_group" {
  description = "Name of the function's log group."
  value       = module.sluice.log_group
}
