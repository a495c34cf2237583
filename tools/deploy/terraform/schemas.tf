# The schemas of uploads: each an object of a bucket that keeps versions. The function gets the version of each, so that an
# upload that is being converted keeps the version with which that began.
locals {
  schema_count  = length(var.schemas) == 0 ? 0 : 1
  schema_bucket = coalesce(var.schema_bucket_name, "${local.global_name}-schemas-${local.account}")
  # A prefix may hold any character, so keys have only those that mean nothing in URLs and policies, and a digest.
  schema_keys = { for prefix in keys(var.schemas) : prefix =>
  "${replace(prefix, "/[^A-Za-z0-9._-]+/", "-")}${prefix == "" ? "" : "-"}${substr(sha256(prefix), 0, 12)}.json" }
  schema_arns = [for key in values(local.schema_keys) : "arn:${local.partition}:s3:::${local.schema_bucket}/${key}"]

  schema_variables = length(var.schemas) == 0 ? {} : {
    SLUICE_SCHEMAS = jsonencode({ for prefix, object in aws_s3_object.schema : prefix =>
    "s3://${local.schema_bucket}/${object.key}?versionId=${object.version_id}" })
  }
  # A version has 32 characters, and is not known before the object has been written.
  schema_variables_size = length(jsonencode({ for prefix, key in local.schema_keys : prefix =>
  "s3://${local.schema_bucket}/${key}?versionId=${join("", [for n in range(32) : "v"])}" }))

  # For the function and the task, which both read schemas.
  schema_statements = length(var.schemas) == 0 ? [] : [{
    Sid      = "ReadSchemas"
    Effect   = "Allow"
    Action   = ["s3:GetObjectVersion"]
    Resource = local.schema_arns
  }]
}

resource "aws_s3_bucket" "schemas" {
  # checkov:skip=CKV_AWS_18: only the function and the task read it
  # checkov:skip=CKV_AWS_144: nothing would read a copy in another region
  # checkov:skip=CKV_AWS_145: encrypted with S3's own keys; schemas hold no data of files
  # checkov:skip=CKV2_AWS_62: nothing needs notifications of schemas
  count         = local.schema_count
  bucket        = local.schema_bucket
  force_destroy = true
  tags          = var.tags
}

resource "aws_s3_bucket_public_access_block" "schemas" {
  count                   = local.schema_count
  bucket                  = aws_s3_bucket.schemas[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "schemas" {
  count  = local.schema_count
  bucket = aws_s3_bucket.schemas[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "schemas" {
  count  = local.schema_count
  bucket = aws_s3_bucket.schemas[0].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "schemas" {
  count  = local.schema_count
  bucket = aws_s3_bucket.schemas[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

# An execution can run for a year, and must find the schema with which it began.
resource "aws_s3_bucket_lifecycle_configuration" "schemas" {
  count  = local.schema_count
  bucket = aws_s3_bucket.schemas[0].id

  rule {
    id     = "replaced-schemas"
    status = "Enabled"
    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 400
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.schemas]
}

resource "aws_s3_bucket_policy" "schemas" {
  count  = var.tls_only ? local.schema_count : 0
  bucket = aws_s3_bucket.schemas[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyTLS"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:${local.partition}:s3:::${local.schema_bucket}", "arn:${local.partition}:s3:::${local.schema_bucket}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.schemas]
}

# A changed schema is a new version of its object.
resource "aws_s3_object" "schema" {
  # checkov:skip=CKV_AWS_186: encrypted with S3's own keys; schemas hold no data of files
  for_each     = var.schemas
  bucket       = aws_s3_bucket.schemas[0].id
  key          = local.schema_keys[each.key]
  content      = each.value
  content_type = "application/json"
  tags         = var.tags

  # Objects that are written before the bucket keeps versions have none.
  depends_on = [aws_s3_bucket_versioning.schemas]
}
