# With `buffer`, a queue between the topic and the function, from which the function takes as many uploads at a time as it may:
#
#     topic → events → function          without it: topic → function
#               └→ events-dead
#
# Without it Lambda holds back events while no invocation is free, but gives each up after 6 hours. The queue keeps them for 13
# days, and its event source mapping invokes the function no more often than it may run, so that nothing is throttled.
resource "aws_sqs_queue" "events" {
  count = local.buffer_count

  name                      = local.queues.events
  message_retention_seconds = 13 * 86400
  sqs_managed_sse_enabled   = true
  policy                    = local.queue_policies.events
  tags                      = var.tags

  # Six times the function's timeout, as Lambda's documentation advises ("Creating and configuring an Amazon SQS event source
  # mapping"): the mapping retries throttled batches within this time. A message that failed returns only after it.
  visibility_timeout_seconds = 6 * var.timeout

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead["events"].arn
    maxReceiveCount     = 5
  })
}

resource "aws_lambda_event_source_mapping" "events" {
  count = local.buffer_count

  event_source_arn        = aws_sqs_queue.events[0].arn
  function_name           = aws_lambda_function.sluice.arn
  batch_size              = var.buffer_batch_size # without a batching window, which Lambda demands for more than 10
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.buffer_concurrency
  }

  lifecycle {
    precondition {
      condition     = var.reserved_concurrency == -1 || var.buffer_concurrency <= var.reserved_concurrency
      error_message = "buffer_concurrency: at most reserved_concurrency (${var.reserved_concurrency}), or messages would be throttled until they are given up."
    }
  }
}

locals {
  buffer_count = var.buffer ? 1 : 0

  buffer_variables = !var.buffer ? {} : { SLUICE_BATCH_ITEM_FAILURES = "true" }

  # For the event source mapping, which reads the queue as the function.
  buffer_statements = !var.buffer ? [] : [{
    Sid      = "TakeEvents"
    Effect   = "Allow"
    Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    Resource = [local.queue_arns.events]
  }]
}
