# The notes that invocations share: leases with checkpoints, plans, boundaries. They are temporary.
resource "aws_s3_bucket" "work" {
  # checkov:skip=CKV_AWS_18: only the function and the state machine use it
  # checkov:skip=CKV_AWS_21: newer notes replace older ones, by conditional writes
  # checkov:skip=CKV_AWS_144: nothing would read a copy in another region
  # checkov:skip=CKV_AWS_145: encrypted with S3's own keys; notes hold offsets and counts, no data of files
  # checkov:skip=CKV2_AWS_62: nothing needs notifications of notes
  bucket        = local.work_bucket
  force_destroy = true
  tags          = var.tags
}

resource "aws_s3_bucket_public_access_block" "work" {
  bucket                  = aws_s3_bucket.work.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "work" {
  bucket = aws_s3_bucket.work.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "work" {
  bucket = aws_s3_bucket.work.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# Notes show that an object has been converted, so they must be kept for longer than an event can be delayed.
resource "aws_s3_bucket_lifecycle_configuration" "work" {
  bucket = aws_s3_bucket.work.id

  rule {
    id     = "notes"
    status = "Enabled"
    filter {}

    expiration {
      days = 30
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

resource "aws_s3_bucket_policy" "work" {
  count  = var.tls_only ? 1 : 0
  bucket = aws_s3_bucket.work.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyTLS"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [local.work_bucket_arn, "${local.work_bucket_arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.work]
}
