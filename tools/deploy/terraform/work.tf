# Notes that invocations leave for each other: checkpoints, plans, summaries. Of no use once an object is converted.
resource "aws_s3_bucket" "work" {
  # checkov:skip=CKV_AWS_18: nobody but the function reads and writes it
  # checkov:skip=CKV_AWS_21: notes are replaced by newer ones, which is what conditional writes are for
  # checkov:skip=CKV_AWS_144: a copy in another region would be read by nobody
  # checkov:skip=CKV_AWS_145: encrypted with S3's own keys; it holds offsets and counts, no data of files
  # checkov:skip=CKV2_AWS_62: nobody is to be told of notes
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

# Late events are told by the notes that an object has been converted, so notes outlast what can bring an event back.
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
