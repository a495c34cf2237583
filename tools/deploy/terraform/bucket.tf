# The bucket to which partners upload, unless there is one already.
resource "aws_s3_bucket" "uploads" {
  # checkov:skip=CKV_AWS_18: the audit queue records uploads; access logs would need a bucket that the user chooses
  # checkov:skip=CKV_AWS_144: nothing would convert a copy in another region
  # checkov:skip=CKV_AWS_145: without kms_key_arn encrypted with S3's own keys; every partner needs permission to use a KMS key
  count         = local.bucket_count
  bucket        = local.bucket
  force_destroy = var.force_destroy
  tags          = var.tags
}

resource "aws_s3_bucket_public_access_block" "uploads" {
  count                   = local.bucket_count
  bucket                  = aws_s3_bucket.uploads[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "uploads" {
  count  = local.bucket_count
  bucket = aws_s3_bucket.uploads[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "uploads" {
  count  = local.bucket_count
  bucket = aws_s3_bucket.uploads[0].id

  rule {
    # One request to KMS for many objects.
    bucket_key_enabled = var.kms_key_arn == null ? null : true

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

# The function reads the version that the notification names, even if the key has been overwritten meanwhile.
resource "aws_s3_bucket_versioning" "uploads" {
  count  = local.bucket_count
  bucket = aws_s3_bucket.uploads[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "uploads" {
  count  = local.bucket_count
  bucket = aws_s3_bucket.uploads[0].id

  rule {
    id     = "noncurrent-versions"
    status = "Enabled"
    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }

    # Remove a delete marker once its object has no other versions.
    expiration {
      expired_object_delete_marker = true
    }
  }

  rule {
    id     = "incomplete-uploads"
    status = "Enabled"
    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.uploads]
}

resource "aws_s3_bucket_policy" "uploads" {
  count  = var.tls_only || length(var.uploader_arns) > 0 ? local.bucket_count : 0
  bucket = aws_s3_bucket.uploads[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(!var.tls_only ? [] : [{
      Sid       = "OnlyTLS"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [local.bucket_arn, "${local.bucket_arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }], length(var.uploader_arns) == 0 ? [] : [{
      Sid       = "Upload"
      Effect    = "Allow"
      Principal = { AWS = var.uploader_arns }
      Action    = ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"]
      Resource  = ["${local.bucket_arn}/${local.prefix_in_policies}*"]
    }])
  })

  depends_on = [aws_s3_bucket_public_access_block.uploads]
}
