# A new bucket, whose rows a function writes to another bucket.
variable "lambda_zip" {
  description = "Path of the function's zip, as tools/package-lambda builds it."
  type        = string
}

variable "consumer_zip" {
  description = "Path of the consumer's zip, as `tools/package-lambda ConsumerFunction` builds it."
  type        = string
}

module "sluice" {
  source = "../.."

  name       = "orders"
  lambda_zip = var.lambda_zip
  consumer   = { zip = var.consumer_zip }
}

output "bucket" {
  description = "Name of the bucket for uploads."
  value       = module.sluice.bucket
}

output "row_bucket" {
  description = "Name of the bucket for rows."
  value       = module.sluice.row_bucket
}
