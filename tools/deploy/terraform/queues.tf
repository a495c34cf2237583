# Messages for the consumer, and nothing else.
resource "aws_sqs_queue" "messages" {
  name                       = local.queues.messages
  fifo_queue                 = var.fifo
  deduplication_scope        = var.fifo ? "messageGroup" : null
  fifo_throughput_limit      = var.fifo ? "perMessageGroupId" : null
  max_message_size           = var.max_message_bytes
  message_retention_seconds  = var.retention_days * 86400
  receive_wait_time_seconds  = 20
  visibility_timeout_seconds = var.visibility_timeout
  sqs_managed_sse_enabled    = true
  policy                     = local.only_tls.messages
  tags                       = var.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.messages_dead.arn
    maxReceiveCount     = var.max_receive_count
  })
}

# Messages that the consumer could not work off.
resource "aws_sqs_queue" "messages_dead" {
  name                      = local.queues.messages_dead
  fifo_queue                = var.fifo
  max_message_size          = var.max_message_bytes
  message_retention_seconds = 14 * 86400
  sqs_managed_sse_enabled   = true
  policy                    = local.only_tls.messages_dead
  tags                      = var.tags

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [local.queue_arns.messages]
  })
}

# The function's reports about files that are not CSV.
resource "aws_sqs_queue" "errors" {
  name                      = local.queues.errors
  message_retention_seconds = 14 * 86400
  receive_wait_time_seconds = 20
  sqs_managed_sse_enabled   = true
  policy                    = local.only_tls.errors
  tags                      = var.tags
}

# A copy of every notification.
resource "aws_sqs_queue" "audit" {
  name                      = local.queues.audit
  message_retention_seconds = 13 * 86400
  receive_wait_time_seconds = 20
  sqs_managed_sse_enabled   = true
  policy                    = local.topic_sends.audit
  tags                      = var.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.audit_dead.arn
    maxReceiveCount     = var.max_receive_count
  })
}

# Notifications that the reader of the audit queue could not work off, or that SNS could not put there.
resource "aws_sqs_queue" "audit_dead" {
  name                      = local.queues.audit_dead
  message_retention_seconds = 14 * 86400
  sqs_managed_sse_enabled   = true
  policy                    = local.topic_sends.audit_dead
  tags                      = var.tags

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [local.queue_arns.audit]
  })
}

# Notifications that SNS could not hand to the function.
resource "aws_sqs_queue" "undelivered" {
  name                      = local.queues.undelivered
  message_retention_seconds = 14 * 86400
  sqs_managed_sse_enabled   = true
  policy                    = local.topic_sends.undelivered
  tags                      = var.tags
}

# Events with which the function failed three times.
resource "aws_sqs_queue" "failed" {
  name                      = local.queues.failed
  message_retention_seconds = 14 * 86400
  sqs_managed_sse_enabled   = true
  policy                    = local.only_tls.failed
  tags                      = var.tags
}

locals {
  only_tls_statements = { for key, arn in local.queue_arns : key => !var.tls_only ? [] : [{
    Sid       = "OnlyTLS"
    Effect    = "Deny"
    Principal = "*"
    Action    = "sqs:*"
    Resource  = arn
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }] }

  # Who may use a queue is decided by the policies of this account's roles.
  only_tls = { for key, statements in local.only_tls_statements : key => !var.tls_only ? null : jsonencode({
    Version   = "2012-10-17"
    Statement = statements
  }) }

  # In addition, the topic may send.
  topic_sends = { for key, statements in local.only_tls_statements : key => jsonencode({
    Version = "2012-10-17"
    Statement = concat(statements, [{
      Sid       = "TopicSends"
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = local.queue_arns[key]
      Condition = { ArnEquals = { "aws:SourceArn" = local.topic_arn } }
    }])
  }) }
}
