# Tests how the parts are connected and configured.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  lambda_zip = "versions.tf"
}

run "with_the_settings_above" {
  # The bucket keeps versions for a while.
  assert {
    condition     = aws_s3_bucket_versioning.uploads[0].versioning_configuration[0].status == "Enabled"
    error_message = "no versions"
  }
  assert {
    condition = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.uploads[0].rule :
    rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"])
    error_message = "not encrypted"
  }
  assert {
    condition = (aws_s3_bucket_lifecycle_configuration.uploads[0].rule[0].noncurrent_version_expiration[0].noncurrent_days == 30
    && aws_s3_bucket_lifecycle_configuration.uploads[0].rule[1].abort_incomplete_multipart_upload[0].days_after_initiation == 7)
    error_message = "old versions or parts are kept for ever"
  }

  # The topic fans out.
  assert {
    condition = [for subscription in [aws_sns_topic_subscription.function[0], aws_sns_topic_subscription.audit[0]] :
      [subscription.protocol, subscription.endpoint, jsondecode(subscription.redrive_policy).deadLetterTargetArn]] == [
      ["lambda", aws_lambda_function.sluice.arn, aws_sqs_queue.dead["undelivered"].arn],
      ["sqs", aws_sqs_queue.audit.arn, aws_sqs_queue.dead["audit"].arn],
    ]
    error_message = "the subscriptions"
  }

  # The function gets its settings.
  assert {
    condition = aws_lambda_function.sluice.environment[0].variables == tomap({
      SLUICE_QUEUE_URL         = "https://sqs.eu-west-1.amazonaws.com/123456789012/sluice-messages"
      SLUICE_ERROR_QUEUE_URL   = "https://sqs.eu-west-1.amazonaws.com/123456789012/sluice-errors"
      SLUICE_MAX_BYTES         = "262144"
      SLUICE_MESSAGE_FORMAT    = "json"
      SLUICE_SUFFIXES          = ".csv,.CSV"
      SLUICE_LENIENT           = "false"
      SLUICE_OVERSIZE          = "error"
      SLUICE_WORK_BUCKET       = "sluice-work-123456789012"
      SLUICE_ROUTE_BYTES       = "1073741824"
      SLUICE_PORTION_SEGMENTS  = "16"
      SLUICE_STATE_MACHINE_ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:sluice-convert"
      LOG_LEVEL                = "info"
    })
    error_message = "the function's environment"
  }
  assert {
    condition = (aws_lambda_function.sluice.runtime == "provided.al2023"
      && aws_lambda_function.sluice.source_code_hash == filebase64sha256("versions.tf")
      && aws_lambda_function.sluice.dead_letter_config[0].target_arn == aws_sqs_queue.dead["failed"].arn
    && aws_lambda_function.sluice.reserved_concurrent_executions == -1)
    error_message = "the function"
  }
  assert {
    condition     = aws_cloudwatch_log_group.function[0].name == "/aws/lambda/${aws_lambda_function.sluice.function_name}"
    error_message = "the function's log has no end"
  }

  # Bad messages go to the dead letter queue.
  assert {
    condition = (jsondecode(aws_sqs_queue.messages[0].redrive_policy) == {
      deadLetterTargetArn = "arn:aws:sqs:eu-west-1:123456789012:sluice-messages-dead"
      maxReceiveCount     = 5
      } && jsondecode(aws_sqs_queue.dead["messages"].redrive_allow_policy) == {
      redrivePermission = "byQueue"
      sourceQueueArns   = ["arn:aws:sqs:eu-west-1:123456789012:sluice-messages"]
    })
    error_message = "the redrive of messages"
  }
  # A dead letter keeps the age of its message, so the dead-letter queue must keep messages for longer.
  assert {
    condition = (aws_sqs_queue.dead["messages"].message_retention_seconds > aws_sqs_queue.messages[0].message_retention_seconds
    && aws_sqs_queue.dead["audit"].message_retention_seconds > aws_sqs_queue.audit.message_retention_seconds)
    error_message = "dead letters end too early"
  }

  # The dashboard draws what matters.
  assert {
    condition     = toset([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : widget.type]) == toset(["metric", "log"])
    error_message = "the namespace in the dashboard"
  }
  # No two widgets have the same position.
  assert {
    condition = length(distinct([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets :
    "${widget.x} ${widget.y}"])) == length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets)
    error_message = "a widget covers another"
  }
  assert {
    condition = length(setsubtract(["success", "error", "coldStart", "badObjects", "rejectedRows", "rows", "Duration",
      "ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible", "ExecutionsFailed", "ExecutionsTimedOut",
      "ExecutionThrottled"], flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets :
    [for metric in try(widget.properties.metrics, []) : try(metric[1], [])]]))) == 0
    error_message = "something that matters is not drawn"
  }
  assert {
    condition     = alltrue([for alarm in local.alarms : alarm.namespace != local.metrics_namespace || keys(alarm.dimensions) == ["function"]])
    error_message = "a dimension that the function does not write"
  }

  # Rejected rows are reported by source, from the log, not as a metric.
  assert {
    condition = [for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : widget.properties.query
      if widget.type == "log"] == [join("\n| ", [
        "SOURCE '/aws/lambda/sluice'", "filter message like /^converted/ and rejectedRows > 0",
        "stats sum(rejectedRows) as rejected by source", "sort rejected desc",
    ])]
    error_message = "the question to the log"
  }
  assert {
    condition     = !strcontains(jsonencode(local.graphs), "source")
    error_message = "a source is a dimension, and each one a metric to pay for"
  }
}

run "bodies_can_be_compressed_and_large_rows_go_through_a_bucket" {
  variables {
    zstd_level     = 3
    oversize       = "offload"
    offload_bucket = "rows"
  }
  assert {
    condition     = aws_lambda_function.sluice.environment[0].variables["SLUICE_ZSTD"] == "3"
    error_message = "SLUICE_ZSTD"
  }
  assert {
    condition = ({ for name, value in aws_lambda_function.sluice.environment[0].variables : name => value
      if strcontains(name, "OFFLOAD") || name == "SLUICE_OVERSIZE" } == {
      SLUICE_OVERSIZE       = "offload"
      SLUICE_OFFLOAD_BUCKET = "rows"
      SLUICE_OFFLOAD_PREFIX = "sluice/"
    })
    error_message = "the function's environment"
  }
}

run "queues_can_be_fifo" {
  variables {
    fifo = true
  }
  assert {
    condition = (aws_sqs_queue.messages[0].name == "sluice-messages.fifo" && aws_sqs_queue.messages[0].fifo_queue
    && aws_sqs_queue.dead["messages"].name == "sluice-messages-dead.fifo" && aws_sqs_queue.dead["messages"].fifo_queue)
    error_message = "a FIFO queue and its dead-letter queue must both be FIFO"
  }
  assert {
    condition     = alltrue([for queue in [aws_sqs_queue.audit, aws_sqs_queue.dead["failed"], aws_sqs_queue.dead["undelivered"]] : queue.fifo_queue != true])
    error_message = "a standard topic can't send to a FIFO queue"
  }
}

run "alarms_watch_everything_that_can_go_wrong_where_the_function_writes_it" {
  variables {
    timeout       = 100
    max_event_age = 7200
    alarm_actions = ["arn:aws:sns:eu-west-1:123456789012:people"]
    options       = { SLUICE_METRICS_NAMESPACE = "Other" }
  }
  assert {
    condition = sort(keys(aws_cloudwatch_metric_alarm.this)) == sort([
      "audit-dead", "error-reports", "event-age", "events-dropped", "executions-aborted", "executions-failed", "executions-throttled",
      "executions-timed-out", "failed", "function-duration", "function-errors", "function-throttles", "message-age",
      "messages-dead", "rows-rejected", "undelivered", "unknown-events",
    ])
    error_message = "the alarms"
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["function-duration"].threshold == 80000
    error_message = "the alarm before the timeout"
  }
  # CloudWatch has milliseconds.
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["event-age"].threshold == 7200000
    error_message = "the alarm before events are given up"
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_actions == alarm.ok_actions && length(alarm.alarm_actions) == 1])
    error_message = "nobody is told"
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["rows-rejected"].namespace == "Other"
    error_message = "the namespace of an alarm"
  }
  assert {
    condition = alltrue(flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets :
      [for metric in try(widget.properties.metrics, []) : try(startswith(metric[0], "AWS/") || metric[0] == "Other", true)]
    ]))
    error_message = "the namespace in the dashboard"
  }
}

run "bad_records_can_be_put_aside" {
  variables {
    rejects              = true
    max_rejects          = "0.5%"
    max_rejected_percent = 2.5
  }
  assert {
    condition     = aws_sqs_queue.errors.max_message_size == aws_sqs_queue.messages[0].max_message_size
    error_message = "the error queue refuses large messages"
  }
  assert {
    condition = ({ for name, value in aws_lambda_function.sluice.environment[0].variables : name => value
      if strcontains(name, "REJECTS") } == {
      SLUICE_REJECTS     = "report"
      SLUICE_MAX_REJECTS = "0.5%"
    })
    error_message = "the function's environment"
  }
  # Each reject would raise the alarm on rows that fit no message, and that on reports.
  assert {
    condition     = !contains(keys(aws_cloudwatch_metric_alarm.this), "rows-rejected")
    error_message = "an alarm for every row"
  }
  assert {
    condition = (aws_cloudwatch_metric_alarm.this["error-reports"].metric_name == "badObjects"
    && aws_cloudwatch_metric_alarm.this["error-reports"].dimensions == tomap({ function = "sluice" }))
    error_message = "an alarm for every message of rejects"
  }
  assert {
    condition = (aws_cloudwatch_metric_alarm.this["rejects-rate"].threshold == 2.5
    && aws_cloudwatch_metric_alarm.this["rejects-rate"].metric_name == null)
    error_message = "the alarm on the rate"
  }
  assert {
    condition = toset(flatten([for query in aws_cloudwatch_metric_alarm.this["rejects-rate"].metric_query :
    query.metric[*].metric_name])) == toset(["rejectedRows", "rows"])
    error_message = "the metrics of the rate"
  }
  assert {
    condition = [for query in aws_cloudwatch_metric_alarm.this["rejects-rate"].metric_query : query.expression
    if query.return_data == true] == ["100 * rejected / (rejected + rows)"]
    error_message = "the rate"
  }
}

run "a_limit_on_what_is_put_aside_takes_that_something_is" {
  command = plan

  variables {
    max_rejects = "100"
  }

  expect_failures = [aws_lambda_function.sluice]
}

run "metrics_can_be_reduced_to_those_that_alarms_watch" {
  variables {
    metrics_level = "alarms"
  }
  assert {
    condition = (aws_lambda_function.sluice.environment[0].variables["SLUICE_METRICS_LEVEL"] == "alarms"
    && contains(keys(aws_cloudwatch_metric_alarm.this), "rows-rejected"))
    error_message = "the function's environment, or its alarms"
  }
  assert {
    condition = toset([for metric in flatten([for graph in local.graphs : [for metric in graph.metrics : metric
    if try(metric[0], "") == "Sluice"]]) : metric if contains(["rows", "rejectedRows", "success", "bytesIn"], metric)]) == toset(["rows", "rejectedRows"])
    error_message = "a graph of a metric that is not written"
  }
}

run "files_that_are_not_csv_are_noticed_beside_rejects" {
  command = plan

  variables {
    metrics_level = "none"
    rejects       = true
  }

  expect_failures = [aws_lambda_function.sluice]
}

run "without_metrics_nothing_waits_for_them" {
  variables {
    metrics_level = "none"
  }
  assert {
    condition     = [for name, alarm in aws_cloudwatch_metric_alarm.this : name if alarm.namespace == "Sluice" || name == "rejects-rate"] == []
    error_message = "an alarm that can't be raised"
  }
  assert {
    condition     = !strcontains(jsonencode(local.graphs), "\"Sluice\"")
    error_message = "a graph of a metric that is not written"
  }
}
