locals {
  function_metric = { for metric in ["Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"] :
  metric => ["AWS/Lambda", metric, "FunctionName", var.name] }

  # Each row of the dashboard has two graphs: a title, what is drawn, and the statistic.
  graphs = [
    {
      title   = "Invocations"
      stat    = "Sum"
      metrics = [local.function_metric.Invocations, local.function_metric.Errors, local.function_metric.Throttles]
    },
    {
      title   = "Duration (ms, longest)"
      stat    = "Maximum"
      metrics = [local.function_metric.Duration]
    },
    {
      title = "Messages sent and deleted"
      stat  = "Sum"
      metrics = [for metric in ["NumberOfMessagesSent", "NumberOfMessagesDeleted"] :
      ["AWS/SQS", metric, "QueueName", local.queues.messages]]
    },
    {
      title   = "Age of the oldest message (s)"
      stat    = "Maximum"
      metrics = [["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", local.queues.messages]]
    },
    {
      title = "Waiting in dead-letter and error queues"
      stat  = "Maximum"
      metrics = [for key in ["messages_dead", "audit_dead", "undelivered", "failed", "errors"] :
      ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", local.queues[key]]]
    },
    {
      title   = "Rows, and rows left out"
      stat    = "Sum"
      metrics = [for metric in ["rows", "rejectedRows"] : ["Sluice", metric, "function", var.name]]
    },
    {
      title   = "Bytes read and sent"
      stat    = "Sum"
      metrics = [for metric in ["bytesIn", "bytesOut"] : ["Sluice", metric, "function", var.name]]
    },
    {
      title   = "Invocations at once"
      stat    = "Maximum"
      metrics = [local.function_metric.ConcurrentExecutions]
    },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [for i, graph in local.graphs : {
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
    }]
  })
}
