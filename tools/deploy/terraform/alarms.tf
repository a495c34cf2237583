locals {
  function_dimensions      = { FunctionName = var.name }
  own_dimensions           = { function = var.name }
  state_machine_dimensions = { StateMachineArn = local.state_machine_arn }

  alarms = { for name, alarm in local.all_alarms : name => alarm
  if !contains(local.unused_alarms, name) && !(var.metrics_level == "none" && alarm.namespace == local.metrics_namespace) }

  # Where bad records are put aside, single ones are no reason for an alarm.
  unused_alarms = concat(local.puts_aside ? ["rows-rejected"] : ["rejects-rate"], var.buffer ? [] : ["buffer-age"],
    # The owner of a queue that exists already watches its dead-letter queue; metrics of another account are not seen here.
    local.queue_count == 1 ? [] : ["messages-dead"],
  local.message_queue[4] == local.account ? [] : ["message-age"])

  all_alarms = merge({
    function-errors = {
      description = "An invocation failed and is retried. If the retries fail too, an event goes to ${local.queues.failed}, a large object is reported to ${local.queues.errors}."
      namespace   = "AWS/Lambda"
      metric      = "Errors"
      statistic   = "Sum"
      threshold   = 1
      dimensions  = local.function_dimensions
    }
    function-throttles = {
      description = "More concurrent calls than the function's reserved concurrency allows. Uploads are retried for hours, portions of large objects for a minute."
      namespace   = "AWS/Lambda"
      metric      = "Throttles"
      statistic   = "Sum"
      threshold   = 1
      dimensions  = local.function_dimensions
    }
    function-duration = {
      description = "An invocation took more than 80 % of the timeout."
      namespace   = "AWS/Lambda"
      metric      = "Duration"
      statistic   = "Maximum"
      threshold   = var.timeout * 1000 * 0.8
      dimensions  = local.function_dimensions
    }
    events-dropped = {
      description = "Lambda gave up an event: the function failed three times, or had no free invocation for 6 hours. It is in ${local.queues.failed}."
      namespace   = "AWS/Lambda"
      metric      = "AsyncEventsDropped"
      statistic   = "Sum"
      threshold   = 1
      dimensions  = local.function_dimensions
    }
    event-age = {
      description = "An event waited more than ${var.max_event_age} s for the function. Lambda gives up events after 6 hours."
      namespace   = "AWS/Lambda"
      metric      = "AsyncEventAge"
      statistic   = "Maximum"
      threshold   = var.max_event_age * 1000
      dimensions  = local.function_dimensions
    }
    buffer-age = {
      description = "An upload waited more than ${var.max_event_age} s for the function in ${var.name}-events."
      namespace   = "AWS/SQS"
      metric      = "ApproximateAgeOfOldestMessage"
      statistic   = "Maximum"
      threshold   = var.max_event_age
      dimensions  = { QueueName = "${var.name}-events" }
    }
    message-age = {
      description = "The consumer is behind: the oldest unread message is older than ${var.max_message_age} s."
      namespace   = "AWS/SQS"
      metric      = "ApproximateAgeOfOldestMessage"
      statistic   = "Maximum"
      threshold   = var.max_message_age
      dimensions  = { QueueName = local.queues.messages }
    }
    rows-rejected = {
      description = "Rows were left out because they fit no message; the function's log states of which objects."
      namespace   = local.metrics_namespace
      metric      = "rejectedRows"
      statistic   = "Sum"
      threshold   = 1
      dimensions  = local.own_dimensions
    }
    rejects-rate = {
      description = "${var.max_rejected_percent} % or more of the rows were put aside because they break a rule; they are in ${local.queues.errors}."
      namespace   = local.metrics_namespace
      metric      = "rejectedRows"
      statistic   = "Sum"
      threshold   = var.max_rejected_percent
      dimensions  = local.own_dimensions
    }
    unknown-events = {
      description = "An event was of a shape that the function does not know: what it is about was not converted. The log line \"ignored\" shows it."
      namespace   = local.metrics_namespace
      metric      = "unknownEvents"
      statistic   = "Sum"
      threshold   = 1
      dimensions  = local.own_dimensions
    }
    executions-failed = {
      description = "A large object was not converted; the reason is in ${local.queues.errors} and in the execution's history."
      namespace   = "AWS/States"
      metric      = "ExecutionsFailed"
      statistic   = "Sum"
      threshold   = 1
      dimensions  = local.state_machine_dimensions
    }
    executions-aborted = {
      description = "An execution was stopped: a large object was not converted."
      namespace   = "AWS/States"
      metric      = "ExecutionsAborted"
      statistic   = "Sum"
      threshold   = 1
      dimensions  = local.state_machine_dimensions
    }
    executions-timed-out = {
      description = "An execution ran longer than Step Functions allows: a large object was not converted."
      namespace   = "AWS/States"
      metric      = "ExecutionsTimedOut"
      statistic   = "Sum"
      threshold   = 1
      dimensions  = local.state_machine_dimensions
    }
    executions-throttled = {
      description = "Executions exceeded the account's limits of Step Functions; they continue, but more slowly."
      namespace   = "AWS/States"
      metric      = "ExecutionThrottled"
      statistic   = "Sum"
      threshold   = 1
      dimensions  = local.state_machine_dimensions
    }
    error-reports = {
      description = "A file was not CSV; the error is in ${local.queues.errors}."
      # Records that were put aside go to that queue too.
      namespace  = local.puts_aside ? local.metrics_namespace : "AWS/SQS"
      metric     = local.puts_aside ? "badObjects" : "NumberOfMessagesSent"
      statistic  = "Sum"
      threshold  = 1
      dimensions = { for name, value in merge(local.own_dimensions, { QueueName = local.queues.errors }) : name => value if(name == "function") == local.puts_aside }
    }
    }, { for key in ["messages_dead", "audit_dead", "undelivered", "failed", "events_dead"] : replace(key, "_", "-") => {
      description = "${local.queues[key]} is not empty."
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      statistic   = "Maximum"
      threshold   = 1
      dimensions  = { QueueName = local.queues[key] }
  } if contains(keys(local.queues), key) })

  is_rate = { for name in keys(local.all_alarms) : name => name == "rejects-rate" }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = local.is_rate[each.key] ? null : each.value.namespace
  metric_name         = local.is_rate[each.key] ? null : each.value.metric
  dimensions          = local.is_rate[each.key] ? null : each.value.dimensions
  statistic           = local.is_rate[each.key] ? null : each.value.statistic
  period              = local.is_rate[each.key] ? null : 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags

  dynamic "metric_query" {
    for_each = local.is_rate[each.key] ? { rejected = each.value.metric, rows = "rows" } : {}
    content {
      id = metric_query.key
      metric {
        namespace   = each.value.namespace
        metric_name = metric_query.value
        dimensions  = each.value.dimensions
        stat        = each.value.statistic
        period      = 300
      }
    }
  }

  dynamic "metric_query" {
    for_each = local.is_rate[each.key] ? ["100 * rejected / (rejected + rows)"] : []
    content {
      id          = "rate"
      label       = "% of the rows"
      expression  = metric_query.value
      return_data = true
    }
  }
}
