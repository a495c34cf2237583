# Notifications of uploads, for all subscribers of the topic.
resource "aws_kms_key" "topic" {
  count               = local.topic_count
  description         = "Encrypts the topic ${local.topic}"
  enable_key_rotation = true
  tags                = var.tags

  # S3 can publish to an encrypted topic only if it may use the key, and the policy of AWS's own key for SNS can't be changed.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AccountDecides"
      Effect    = "Allow"
      Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
      Action    = "kms:*"
      Resource  = "*"
      }, {
      Sid       = "BucketPublishes"
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "*"
      Condition = {
        ArnEquals    = { "aws:SourceArn" = local.bucket_arn }
        StringEquals = { "aws:SourceAccount" = local.account }
      }
    }]
  })
}

resource "aws_kms_alias" "topic" {
  count         = local.topic_count
  name          = "alias/${local.topic}"
  target_key_id = aws_kms_key.topic[0].key_id
}

resource "aws_sns_topic" "uploads" {
  count             = local.topic_count
  name              = local.topic
  kms_master_key_id = aws_kms_key.topic[0].arn
  tags              = var.tags
}

resource "aws_sns_topic_policy" "uploads" {
  count = local.topic_count
  arn   = aws_sns_topic.uploads[0].arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([{
      Sid       = "BucketPublishes"
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = local.topic_arn
      Condition = {
        ArnEquals    = { "aws:SourceArn" = local.bucket_arn }
        StringEquals = { "aws:SourceAccount" = local.account }
      }
      }], length(var.subscriber_accounts) == 0 ? [] : [{
      Sid       = "OthersSubscribe"
      Effect    = "Allow"
      Principal = { AWS = [for account in var.subscriber_accounts : "arn:${local.partition}:iam::${account}:root"] }
      Action    = "sns:Subscribe"
      Resource  = local.topic_arn
    }])
  })
}

# S3 compares filters with the key as notifications contain it, URL-encoded except for slashes, and IAM compares policies with
# the key itself, where `*`, `?` and `$` are special:
#
#     key       dt=2024/a b?/x.csv
#     filter    dt%3D2024/a+b%3F/
#     policy    dt=2024/a b${?}/*
#
# AWS documents the former under "Configuring event notifications using object key name filtering".
locals {
  in_filters = { for text in concat([var.prefix], var.suffixes) :
  text => replace(replace(urlencode(text), "%2F", "/"), "~", "%7E") }
  prefix_in_policies = replace(replace(var.prefix, "$", "$${$}"), "?", "$${?}")
}

# When this is created, S3 sends a test event, and fails if the topic does not accept it.
resource "aws_s3_bucket_notification" "uploads" {
  count       = local.bucket_count
  bucket      = aws_s3_bucket.uploads[0].id
  eventbridge = var.eventbridge

  dynamic "topic" {
    for_each = var.eventbridge ? [] : var.suffixes

    content {
      id            = "uploads-${topic.key}"
      topic_arn     = local.notified_topic_arn
      events        = ["s3:ObjectCreated:*"]
      filter_prefix = local.in_filters[var.prefix]
      filter_suffix = local.in_filters[topic.value]
    }
  }

  # The subscriptions must exist first, so that no notification is lost.
  depends_on = [
    aws_cloudwatch_event_target.uploads,
    aws_sns_topic_policy.uploads,
    aws_sns_topic_subscription.audit,
    aws_sns_topic_subscription.function,
    aws_lambda_permission.topic,
  ]
}
