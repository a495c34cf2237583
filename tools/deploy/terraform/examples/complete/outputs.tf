output "bucket" {
  description = "Name of the bucket for uploads."
  value       = module.sluice.bucket
}

output "queue_url" {
  description = "Queue of the messages."
  value       = module.sluice.queue_url
}

output "error_queue_url" {
  description = "Queue of the reports about bad files."
  value       = module.sluice.error_queue_url
}

output "audit_queue_url" {
  description = "Queue with a copy of every notification."
  value       = module.sluice.audit_queue_url
}

output "dead_letter_queue_urls" {
  description = "Where things end up that could not be worked off."
  value       = module.sluice.dead_letter_queue_urls
}

output "topic_arn" {
  description = "Topic of the notifications."
  value       = module.sluice.topic_arn
}

output "function_name" {
  description = "Name of the function."
  value       = module.sluice.function_name
}

output "state_machine_arn" {
  description = "State machine that converts large objects."
  value       = module.sluice.state_machine_arn
}

output "work_bucket" {
  description = "Bucket of the function's notes."
  value       = module.sluice.work_bucket
}

output "log_group" {
  description = "Log group of the function."
  value       = module.sluice.log_group
}
