# Messages for the consumer, and nothing else; unless there is a queue already.
resource "aws_sqs_queue" "messages" {
  count                      = local.queue_count
  name                       = local.queues.messages
  fifo_queue                 = var.fifo
  deduplication_scope        = var.fifo ? "messageGroup" : null
  fifo_throughput_limit      = var.fifo ? "perMessageGroupId" : null
  max_message_size           = var.max_message_bytes
  message_retention_seconds  = var.retention_days * 86400
  receive_wait_time_seconds  = 20
  visibility_timeout_seconds = var.visibility_timeout
  sqs_managed_sse_enabled    = local.own_encryption
  kms_master_key_id          = var.kms_key_arn
  policy                     = local.queue_policies.messages
  tags                       = var.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead["messages"].arn
    maxReceiveCount     = var.max_receive_count
  })
}

# The function's reports about files that are not CSV, and about portions and executions that failed; with rejects, also the
# records that it puts aside, in messages as large as those with rows.
resource "aws_sqs_queue" "errors" {
  name                      = local.queues.errors
  max_message_size          = max(262144, var.max_message_bytes)
  message_retention_seconds = 14 * 86400
  receive_wait_time_seconds = 20
  sqs_managed_sse_enabled   = local.own_encryption
  kms_master_key_id         = var.kms_key_arn
  policy                    = local.queue_policies.errors
  tags                      = var.tags
}

# A copy of every notification.
resource "aws_sqs_queue" "audit" {
  name                      = local.queues.audit
  message_retention_seconds = 13 * 86400
  receive_wait_time_seconds = 20
  sqs_managed_sse_enabled   = true
  policy                    = local.queue_policies.audit
  tags                      = var.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead["audit"].arn
    maxReceiveCount     = var.max_receive_count
  })
}

# Queues for what could not be processed.
resource "aws_sqs_queue" "dead" {
  for_each = local.dead

  name                      = local.queues[each.value.name]
  fifo_queue                = each.value.fifo
  max_message_size          = each.value.max_bytes
  message_retention_seconds = 14 * 86400
  sqs_managed_sse_enabled   = each.value.key == null ? true : null
  kms_master_key_id         = each.value.key
  policy                    = local.queue_policies[each.value.name]
  tags                      = var.tags

  redrive_allow_policy = each.value.source == null ? null : jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [each.value.source]
  })
}

locals {
  # The provider takes either of the two.
  own_encryption = var.kms_key_arn == null ? true : null

  dead_defaults = { fifo = null, max_bytes = null, source = null, key = null }
  dead = { for key, queue in {
    # Messages that the consumer received max_receive_count times and did not delete.
    messages = {
      name      = "messages_dead"
      fifo      = var.fifo
      max_bytes = var.max_message_bytes
      source    = local.queue_arns.messages
      key       = var.kms_key_arn
      count     = local.queue_count
    }
    # The same for the audit queue, and notifications that SNS could not deliver to it.
    audit = { name = "audit_dead", source = local.queue_arns.audit }
    # Notifications that could not be delivered to the function.
    undelivered = { name = "undelivered" }
    # Events with which the function failed three times.
    failed = { name = "failed", key = var.kms_key_arn }
    # Uploads that the function took from the buffer five times, and failed.
    events = { name = "events_dead", source = lookup(local.queue_arns, "events", null), count = var.buffer ? 1 : 0 }
  } : key => merge(local.dead_defaults, queue) if lookup(queue, "count", 1) == 1 }

  # With SQS's own keys: a service needs the permission of another key's policy to send to a queue.
  fed_by_notifier = ["audit", "audit_dead", "undelivered", "events"]

  # Roles of this account get access by their own policies.
  queue_statements = { for key, arn in local.queue_arns : key => concat(
    !var.tls_only ? [] : [{
      Sid       = "OnlyTLS"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }],
    !contains(local.fed_by_notifier, key) ? [] : [{
      Sid       = local.notifier.sid
      Effect    = "Allow"
      Principal = { Service = local.notifier.service }
      Action    = "sqs:SendMessage"
      Resource  = arn
      Condition = { ArnEquals = { "aws:SourceArn" = local.notifier.arn } }
    }],
    key != "messages" || length(var.consumer_arns) == 0 ? [] : [{
      Sid       = "ConsumersReceive"
      Effect    = "Allow"
      Principal = { AWS = var.consumer_arns }
      Action    = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage"]
      Resource  = arn
    }]
  ) }
  queue_policies = { for key, statements in local.queue_statements : key => length(statements) == 0 ? null : jsonencode({
    Version   = "2012-10-17"
    Statement = statements
  }) }
}
