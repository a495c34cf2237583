# With `consumer`, a function takes the messages from their queue and writes their rows to a bucket:
#
#     messages → consumer → rows
#       └→ messages-dead
#
# It names the messages that failed, and only those are delivered again. A manifest fails as long as rows are missing.
resource "aws_lambda_function" "consumer" {
  # checkov:skip=CKV_AWS_50: X-Ray would need a permission on all resources (*)
  # checkov:skip=CKV_AWS_115: the event source mapping limits how many run at a time
  # checkov:skip=CKV_AWS_116: messages that fail too often go from their queue to its dead-letter queue
  # checkov:skip=CKV_AWS_117: it calls only S3; a VPC (vpc) adds the cost of endpoints
  # checkov:skip=CKV_AWS_173: the variables are names of buckets, no secrets
  # checkov:skip=CKV_AWS_272: signing needs a signing profile in the account; source_code_hash pins the code
  count = local.consumer_count

  function_name    = local.consumer
  description      = "Writes rows of messages to a bucket"
  role             = aws_iam_role.consumer[0].arn
  runtime          = var.consumer.runtime
  handler          = var.consumer.handler
  architectures    = [local.consumer_architecture]
  filename         = var.consumer.zip
  source_code_hash = filebase64sha256(var.consumer.zip)
  memory_size      = var.consumer.memory_size
  timeout          = var.consumer.timeout
  tags             = var.tags

  environment {
    variables = { for name, value in { BUCKET = local.row_bucket, PREFIX = var.consumer.prefix, OFFLOAD_BUCKET = var.offload_bucket } :
    name => value if value != null }
  }

  dynamic "vpc_config" {
    for_each = var.vpc[*]
    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  dynamic "logging_config" {
    for_each = var.existing_log_group[*]
    content {
      log_format = "Text"
      log_group  = logging_config.value
    }
  }

  lifecycle {
    precondition {
      condition     = !contains([local.bucket, local.work_bucket, coalesce(var.offload_bucket, local.bucket)], local.row_bucket)
      error_message = "consumer.bucket: must be a bucket of its own; in that for uploads, rows could be uploads again."
    }
    precondition {
      condition     = try(jsondecode(file("${var.consumer.zip}.json")).architecture, local.consumer_architecture) == local.consumer_architecture
      error_message = "consumer.zip is for another processor, as the .json beside it says: set consumer.architecture, or build the zip on the other processor."
    }
  }

  depends_on = [aws_cloudwatch_log_group.consumer, aws_iam_role_policy.consumer]
}

resource "aws_lambda_event_source_mapping" "consumer" {
  count = local.consumer_count

  event_source_arn        = local.queue_count == 1 ? aws_sqs_queue.messages[0].arn : var.existing_queue_arn
  function_name           = aws_lambda_function.consumer[0].arn
  batch_size              = var.consumer.batch_size
  function_response_types = ["ReportBatchItemFailures"]

  # Lambda demands a window for more than 10 messages.
  maximum_batching_window_in_seconds = var.consumer.batch_size > 10 ? 1 : null

  scaling_config {
    maximum_concurrency = var.consumer.concurrency
  }

  lifecycle {
    # As Lambda's documentation advises ("Creating and configuring an Amazon SQS event source mapping").
    precondition {
      condition     = local.queue_count == 0 || var.visibility_timeout >= 6 * var.consumer.timeout
      error_message = "consumer.timeout: visibility_timeout must be at least six times as much, ${6 * var.consumer.timeout} s; the mapping retries throttled batches within it."
    }
    precondition {
      condition     = local.queue_count == 0 || var.max_receive_count >= 5
      error_message = "max_receive_count: at least 5 with a consumer; throttled batches and manifests that wait for rows count too."
    }
    precondition {
      condition     = var.consumer.batch_size <= 10 || !endswith(local.queue_arns.messages, ".fifo")
      error_message = "consumer.batch_size: at most 10 for a FIFO queue."
    }
  }
}

# Permissions of the consumer: take messages, write rows and see which are there, read rows that fit no message, use kms_key_arn,
# and write its log.
resource "aws_iam_role" "consumer" {
  count = local.consumer_count
  name  = "${local.global_name}-consumer"
  tags  = var.tags

  assume_role_policy   = local.assumed_by["lambda"]
  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy" "consumer" {
  count = local.consumer_count
  name  = "consume"
  role  = aws_iam_role.consumer[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([{
      Sid      = "TakeMessages"
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      Resource = [local.queue_arns.messages]
      }, {
      Sid      = "WriteRows"
      Effect   = "Allow"
      Action   = ["s3:PutObject"]
      Resource = ["${local.row_bucket_arn}/*"]
      }, {
      Sid      = "ReadManifests"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = ["${local.row_bucket_arn}/*/_MANIFEST"]
      }, {
      Sid      = "ListRows"
      Effect   = "Allow"
      Action   = ["s3:ListBucket"]
      Resource = [local.row_bucket_arn]
      }, {
      Sid      = "WriteLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${local.consumer_log_group}:*"]
      }], [for bucket in var.offload_bucket[*] : {
      Sid      = "ReadOffloadedRows"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = ["arn:${local.partition}:s3:::${bucket}/${var.offload_prefix}*"]
    }], local.key_statements, local.vpc_statements)
  })
}

resource "aws_cloudwatch_log_group" "consumer" {
  # checkov:skip=CKV_AWS_158: log lines hold no data of files, and CloudWatch encrypts them with its own key
  # checkov:skip=CKV_AWS_338: the user sets how long logs are kept (log_retention_days)
  count             = var.existing_log_group == null ? local.consumer_count : 0
  name              = local.consumer_log_group
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

locals {
  consumer_count        = var.consumer == null ? 0 : 1
  consumer              = "${var.name}-consumer"
  consumer_architecture = try(coalesce(var.consumer.architecture, var.architecture), null)
  consumer_log_group    = coalesce(var.existing_log_group, "/aws/lambda/${local.consumer}")
}
