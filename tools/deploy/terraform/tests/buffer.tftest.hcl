# Tests the queue between the topic and the function, and that without it nothing of it exists.
mock_provider "aws" {
  source = "./tests/mocks"

  override_resource {
    target = aws_sqs_queue.events
    values = { arn = "arn:aws:sqs:eu-west-1:123456789012:sluice-events" }
  }

  override_resource {
    target = aws_sqs_queue.dead["events"]
    values = { arn = "arn:aws:sqs:eu-west-1:123456789012:sluice-events-dead" }
  }
}

variables {
  lambda_zip = "versions.tf"
  buffer     = true
}

run "without_a_buffer_nothing_of_it_exists" {
  variables {
    buffer = false
  }
  assert {
    condition     = length(concat(aws_sqs_queue.events, aws_lambda_event_source_mapping.events)) == 0 && !contains(keys(aws_sqs_queue.dead), "events")
    error_message = "a queue or its mapping"
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.function.policy, "sqs:ReceiveMessage") && !contains(keys(aws_lambda_function.sluice.environment[0].variables), "SLUICE_BATCH_ITEM_FAILURES")
    error_message = "what the function needs for it"
  }
  assert {
    condition     = length(setintersection(["buffer-age", "events-dead"], keys(aws_cloudwatch_metric_alarm.this))) == 0 && output.event_queue_url == null
    error_message = "alarms"
  }
}

run "uploads_wait_in_a_queue_and_are_given_to_the_function" {
  variables {
    timeout            = 100
    buffer_concurrency = 20
    buffer_batch_size  = 10
  }
  assert {
    condition = (aws_sns_topic_subscription.function[0].protocol == "sqs"
      && aws_sns_topic_subscription.function[0].endpoint == "arn:aws:sqs:eu-west-1:123456789012:sluice-events"
    && length(aws_lambda_permission.topic) == 0)
    error_message = "the topic goes past the queue"
  }
  assert {
    condition = (aws_lambda_event_source_mapping.events[0].event_source_arn == aws_sqs_queue.events[0].arn
      && aws_lambda_event_source_mapping.events[0].function_name == aws_lambda_function.sluice.arn
      && aws_lambda_event_source_mapping.events[0].batch_size == 10
    && aws_lambda_event_source_mapping.events[0].scaling_config[0].maximum_concurrency == 20)
    error_message = "the mapping"
  }
  # Both, or what failed would be deleted.
  assert {
    condition = (aws_lambda_event_source_mapping.events[0].function_response_types == toset(["ReportBatchItemFailures"])
    && aws_lambda_function.sluice.environment[0].variables["SLUICE_BATCH_ITEM_FAILURES"] == "true")
    error_message = "the answer of the function"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.function.policy).Statement :
      [statement.Action, statement.Resource] if statement.Sid == "TakeEvents"] == [
      [["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], ["arn:aws:sqs:eu-west-1:123456789012:sluice-events"]]
    ]
    error_message = "the permission to take events"
  }
}

run "the_queue_is_as_lambda_needs_it" {
  variables {
    timeout = 100
  }
  assert {
    condition     = aws_sqs_queue.events[0].visibility_timeout_seconds >= 6 * aws_lambda_function.sluice.timeout
    error_message = "throttled batches would come twice"
  }
  assert {
    condition = (jsondecode(aws_sqs_queue.events[0].redrive_policy) == {
      deadLetterTargetArn = "arn:aws:sqs:eu-west-1:123456789012:sluice-events-dead"
      maxReceiveCount     = 5
      } && jsondecode(aws_sqs_queue.dead["events"].redrive_allow_policy) == {
      redrivePermission = "byQueue"
      sourceQueueArns   = ["arn:aws:sqs:eu-west-1:123456789012:sluice-events"]
    } && aws_sqs_queue.dead["events"].message_retention_seconds > aws_sqs_queue.events[0].message_retention_seconds)
    error_message = "the redrive of events"
  }
  assert {
    condition = [for statement in jsondecode(aws_sqs_queue.events[0].policy).Statement :
      [statement.Principal, statement.Action, statement.Condition] if statement.Effect == "Allow"] == [
      [{ Service = "sns.amazonaws.com" }, "sqs:SendMessage", { ArnEquals = { "aws:SourceArn" = "arn:aws:sns:eu-west-1:123456789012:sluice-uploads" } }]
    ]
    error_message = "others than the topic may send events"
  }
  assert {
    condition = aws_sqs_queue.events[0].sqs_managed_sse_enabled && anytrue([
      for statement in jsondecode(aws_sqs_queue.events[0].policy).Statement : statement.Effect == "Deny" && statement.Principal == "*"
    ])
    error_message = "the queue is not encrypted, or can be reached without TLS"
  }
}

run "its_age_and_its_dead_letters_raise_alarms" {
  variables {
    max_event_age = 1800
  }
  assert {
    condition = [for name in ["buffer-age", "events-dead"] :
      [aws_cloudwatch_metric_alarm.this[name].dimensions["QueueName"], aws_cloudwatch_metric_alarm.this[name].threshold]] == [
      ["sluice-events", 1800], ["sluice-events-dead", 1],
    ]
    error_message = "the alarms"
  }
  assert {
    condition     = length(regexall("sluice-events(-dead)?\"", aws_cloudwatch_dashboard.this.dashboard_body)) == 2
    error_message = "the dashboard"
  }
}

run "it_may_take_all_that_is_reserved" {
  command = plan

  variables {
    reserved_concurrency = 5
    buffer_concurrency   = 5
  }
}

run "it_may_not_take_more_than_is_reserved" {
  command = plan

  variables {
    reserved_concurrency = 5
    buffer_concurrency   = 6
  }

  expect_failures = [aws_lambda_event_source_mapping.events]
}
