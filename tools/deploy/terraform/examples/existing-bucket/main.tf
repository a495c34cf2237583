# A bucket that exists, with a KMS key and notifications of its own; the function is in a VPC.
variable "lambda_zip" {
  description = "Path of the function's zip, as tools/package-lambda builds it."
  type        = string
}

variable "bucket" {
  description = "Name of the bucket, in which EventBridge is switched on."
  type        = string
}

variable "kms_key_arn" {
  description = "ARN of the key that encrypts the bucket's objects, and will encrypt the queues."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets with endpoints of S3, SQS and Step Functions."
  type        = list(string)
}

variable "security_group_ids" {
  description = "Security groups of the function: HTTPS out, nothing in."
  type        = list(string)
}

module "sluice" {
  source = "../.."

  name            = "orders"
  lambda_zip      = var.lambda_zip
  existing_bucket = var.bucket
  eventbridge     = true
  prefix          = "inbox/"
  kms_key_arn     = var.kms_key_arn
  vpc             = { subnet_ids = var.subnet_ids, security_group_ids = var.security_group_ids }
}

output "queue_url" {
  description = "URL of the message queue."
  value       = module.sluice.queue_url
}
