# A partner in one account uploads, a consumer in another receives.
variable "lambda_zip" {
  description = "Path of the function's zip, as tools/package-lambda builds it."
  type        = string
}

variable "uploader_arn" {
  description = "ARN of the partner's IAM role."
  type        = string
}

variable "consumer_arn" {
  description = "ARN of the consumer's IAM role."
  type        = string
}

module "sluice" {
  source = "../.."

  name          = "orders"
  lambda_zip    = var.lambda_zip
  uploader_arns = [var.uploader_arn]
  consumer_arns = [var.consumer_arn]
}

output "bucket" {
  description = "Name of the bucket for uploads."
  value       = module.sluice.bucket
}

output "queue_url" {
  description = "URL of the message queue."
  value       = module.sluice.queue_url
}
