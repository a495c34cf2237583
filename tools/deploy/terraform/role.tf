# Permissions of the function: read objects of the bucket, send to its queues, read and write notes, start the state machine,
# write its log, take events from the buffer, read schemas, put rows that fit no message into offload_bucket, use kms_key_arn,
# and whatever policy_statements adds.
resource "aws_iam_role" "function" {
  name = "${local.global_name}-function"
  tags = var.tags

  assume_role_policy   = local.assumed_by["lambda"]
  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy" "function" {
  name = "convert"
  role = aws_iam_role.function.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.read_uploads, [{
      Sid      = "SendMessages"
      Effect   = "Allow"
      Action   = ["sqs:SendMessage"]
      Resource = [local.queue_arns.messages, local.queue_arns.errors, local.queue_arns.failed]
      }, {
      Sid      = "KeepNotes"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = ["${local.work_bucket_arn}/*"]
      }, {
      # Without this, S3 answers 403 instead of 404 for a note that does not exist.
      Sid      = "MissNotes"
      Effect   = "Allow"
      Action   = ["s3:ListBucket"]
      Resource = [local.work_bucket_arn]
      }, {
      Sid      = "StartStateMachine"
      Effect   = "Allow"
      Action   = ["states:StartExecution"]
      Resource = [local.state_machine_arn]
      }, {
      Sid      = "WriteLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${local.log_group_arn}:*"]
      }], local.buffer_statements, local.schema_statements, local.offload_statements, local.key_statements, local.vpc_statements,
    var.policy_statements)
  })
}

locals {
  assumed_by = { for service in ["lambda", "states"] : service => jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "${service}.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  }) }

  # For the function and the task, which both read uploads.
  read_uploads = [{
    Sid      = "ReadUploads"
    Effect   = "Allow"
    Action   = ["s3:GetObject", "s3:GetObjectVersion"]
    Resource = ["${local.bucket_arn}/${local.prefix_in_policies}*"]
    }, {
    # Without this, S3 answers 403 instead of 404 for an object that was deleted. A request for an object has no s3:prefix, so
    # the condition must hold without one.
    Sid       = "MissUploads"
    Effect    = "Allow"
    Action    = ["s3:ListBucket"]
    Resource  = [local.bucket_arn]
    Condition = { StringLikeIfExists = { "s3:prefix" = "${local.prefix_in_policies}*" } }
  }]

  # For the function and the task, which both send rows.
  offload_statements = [for bucket in var.offload_bucket[*] : {
    Sid      = "OffloadRows"
    Effect   = "Allow"
    Action   = ["s3:PutObject"]
    Resource = ["arn:${local.partition}:s3:::${bucket}/${var.offload_prefix}*"]
  }]
}
