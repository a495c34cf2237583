# The bucket to which the consumer writes rows, unless it has one already.
locals {
  row_bucket       = try(coalesce(var.consumer.bucket, "${local.global_name}-rows-${local.account}"), null)
  row_bucket_arn   = "arn:${local.partition}:s3:::${coalesce(local.row_bucket, "none")}"
  row_bucket_count = try(var.consumer.bucket == null, false) ? 1 : 0
}

resource "aws_s3_bucket" "rows" {
  # checkov:skip=CKV_AWS_18: access logs would need a bucket that the user chooses
  # checkov:skip=CKV_AWS_21: an object that is written again has the same bytes
  # checkov:skip=CKV_AWS_144: nothing would read a copy in another region
  # checkov:skip=CKV_AWS_145: without kms_key_arn encrypted with S3's own keys
  # checkov:skip=CKV2_AWS_61: rows are kept until their owner deletes them
  # checkov:skip=CKV2_AWS_62: who needs notifications of rows sets them
  count         = local.row_bucket_count
  bucket        = local.row_bucket
  force_destroy = var.force_destroy
  tags          = var.tags
}

resource "aws_s3_bucket_public_access_block" "rows" {
  count                   = local.row_bucket_count
  bucket                  = aws_s3_bucket.rows[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "rows" {
  count  = local.row_bucket_count
  bucket = aws_s3_bucket.rows[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "rows" {
  count  = local.row_bucket_count
  bucket = aws_s3_bucket.rows[0].id

  rule {
    bucket_key_enabled = var.kms_key_arn == null ? null : true

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_policy" "rows" {
  count  = var.tls_only ? local.row_bucket_count : 0
  bucket = aws_s3_bucket.rows[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyTLS"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [local.row_bucket_arn, "${local.row_bucket_arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.rows]
}
