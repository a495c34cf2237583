locals {
  function_metric = { for metric in ["Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"] :
  metric => ["AWS/Lambda", metric, "FunctionName", var.name] }

  own_metric = { for metric in ["success", "error", "coldStart", "badObjects"] :
  metric => [local.metrics_namespace, metric, "function", var.name] }
  # Hidden: used only in expressions.
  outcomes = [for metric in ["success", "error"] : concat(local.own_metric[metric], [{ id = metric, visible = false }])]
  by_outcome = [for outcome, metric in { success = "success", badData = "success", deleted = "success", failure = "error" } :
  [local.metrics_namespace, metric, "function", var.name, "outcome", outcome, { label = outcome }]]

  state_metrics = [for metric in ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsAborted",
  "ExecutionsTimedOut", "ExecutionThrottled"] : ["AWS/States", metric, "StateMachineArn", local.state_machine_arn]]

  # The graphs in order, two to each row of the dashboard. Those of the function's own metrics need a metrics_level.
  graphs = [for graph in local.all_graphs : graph if contains(try(graph.levels, ["all", "alarms", "none"]), var.metrics_level)]
  all_graphs = [
    {
      title   = "Invocations"
      stat    = "Sum"
      metrics = [local.function_metric.Invocations, local.function_metric.Errors, local.function_metric.Throttles]
    },
    {
      levels = ["all"]
      title  = "Success and error rate (%)"
      stat   = "Sum"
      metrics = concat(local.outcomes, [
        [{ expression = "100 * success / (success + error)", label = "success" }],
        [{ expression = "100 * error / (success + error)", label = "error" }],
      ])
    },
    {
      levels  = ["all"]
      title   = "Invocations by outcome"
      stat    = "Sum"
      metrics = local.by_outcome
    },
    {
      title = "Longest duration (% of the limit)"
      stat  = "Maximum"
      metrics = [
        concat(local.function_metric.Duration, [{ id = "duration", visible = false }]),
        [{ expression = "duration / ${var.timeout * 10}", label = "duration" }],
      ]
    },
    {
      levels  = ["all"]
      title   = "Cold starts, and objects that are not CSV"
      stat    = "Sum"
      metrics = [local.own_metric.coldStart, local.own_metric.badObjects]
    },
    {
      title   = "Executions for large objects"
      stat    = "Sum"
      metrics = local.state_metrics
    },
    {
      title = "Messages sent and deleted"
      stat  = "Sum"
      metrics = [for metric in ["NumberOfMessagesSent", "NumberOfMessagesDeleted"] :
      ["AWS/SQS", metric, "QueueName", local.queues.messages]]
    },
    {
      title = "Age of the oldest message (s)"
      stat  = "Maximum"
      metrics = [for key in ["messages", "events"] :
      ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", local.queues[key]] if contains(keys(local.queues), key)]
    },
    {
      title = "Waiting in dead-letter and error queues"
      stat  = "Maximum"
      metrics = [for key in concat(keys(local.dead), ["errors"]) :
      ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", local.queues[try(local.dead[key].name, key)]]]
    },
    {
      levels  = ["all", "alarms"]
      title   = "Rows, and rows left out"
      stat    = "Sum"
      metrics = [for metric in ["rows", "rejectedRows"] : [local.metrics_namespace, metric, "function", var.name]]
    },
    {
      # Only codes that occurred; a code is a dimension.
      levels = ["all"]
      title  = "Rows put aside, by code"
      stat   = "Sum"
      metrics = [[{
        expression = "SEARCH('{${local.metrics_namespace},function,code} MetricName=\"rejects\" function=\"${var.name}\"', 'Sum', 300)"
      }]]
    },
    {
      levels  = ["all"]
      title   = "Bytes read and sent"
      stat    = "Sum"
      metrics = [for metric in ["bytesIn", "bytesOut"] : [local.metrics_namespace, metric, "function", var.name]]
    },
    {
      title   = "Concurrent invocations"
      stat    = "Maximum"
      metrics = [local.function_metric.ConcurrentExecutions]
    },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = local.global_name
  dashboard_body = jsonencode({
    widgets = concat([for i, graph in local.graphs : {
      type   = "metric"
      x      = 12 * (i % 2)
      y      = 6 * floor(i / 2)
      width  = 12
      height = 6
      properties = {
        title   = graph.title
        region  = local.region
        view    = "timeSeries"
        period  = 300
        stat    = graph.stat
        metrics = graph.metrics
      }
      }], [{
      # A query of the log: with the source as a dimension, each source would be a metric that costs money.
      type   = "log"
      x      = 0
      y      = 6 * ceil(length(local.graphs) / 2)
      width  = 24
      height = 6
      properties = {
        title  = "Rows left out, by source"
        region = local.region
        view   = "table"
        query = join("\n| ", [
          "SOURCE '${local.log_group}'",
          # Lines with metrics have rejectedRows too, but no source.
          "filter message like /^converted/ and rejectedRows > 0",
          "stats sum(rejectedRows) as rejected by source",
          "sort rejected desc",
        ])
      }
    }])
  })
}
