# The whole pipeline, in an account or, with `endpoint`, in an emulator.
terraform {
  required_version = ">= 1.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.60, < 7"
    }
  }
}

provider "aws" {
  region                      = var.region
  s3_use_path_style           = var.endpoint != null
  skip_credentials_validation = var.endpoint != null
  skip_metadata_api_check     = var.endpoint != null
  skip_region_validation      = var.endpoint != null

  dynamic "endpoints" {
    for_each = var.endpoint[*]

    content {
      cloudwatch = endpoints.value
      events     = endpoints.value
      iam        = endpoints.value
      kms        = endpoints.value
      lambda     = endpoints.value
      logs       = endpoints.value
      s3         = endpoints.value
      sfn        = endpoints.value
      sns        = endpoints.value
      sqs        = endpoints.value
      sts        = endpoints.value
    }
  }
}

module "sluice" {
  source = "../.."

  name                 = var.name
  prefix               = var.prefix
  buffer               = var.buffer
  buffer_concurrency   = var.buffer_concurrency
  buffer_batch_size    = var.buffer_batch_size
  lambda_zip           = var.lambda_zip
  architecture         = var.architecture
  memory_size          = var.memory_size
  reserved_concurrency = var.reserved_concurrency
  max_message_bytes    = var.max_message_bytes
  message_format       = var.message_format
  zstd_level           = var.zstd_level
  lenient              = var.lenient
  oversize             = var.oversize
  offload_bucket       = var.offload_bucket
  fifo                 = var.fifo
  schemas              = var.schemas
  route_bytes          = var.route_bytes
  portion_segments     = var.portion_segments
  log_level            = var.log_level
  alarm_actions        = var.alarm_actions
  tls_only             = !startswith(coalesce(var.endpoint, "https:"), "http:")
  tags                 = { application = "sluice" }
}
