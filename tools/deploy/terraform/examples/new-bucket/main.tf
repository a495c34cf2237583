# A new bucket, whose uploads become messages in a new queue.
variable "lambda_zip" {
  description = "Path of the function's zip, as tools/package-lambda builds it."
  type        = string
}

module "sluice" {
  source = "../.."

  name       = "orders"
  lambda_zip = var.lambda_zip
}

output "bucket" {
  description = "Name of the bucket for uploads."
  value       = module.sluice.bucket
}

output "queue_url" {
  description = "URL of the message queue."
  value       = module.sluice.queue_url
}
