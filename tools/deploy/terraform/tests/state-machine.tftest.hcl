# Tests how large objects are converted.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  lambda_zip = "versions.tf"
}

run "portions_are_summarised_and_converted_with_no_failure_tolerated" {
  variables {
    max_concurrency = 7
  }
  assert {
    condition = alltrue([for name in ["Summarise", "Convert"] : (
      jsondecode(aws_sfn_state_machine.convert.definition).States[name].ToleratedFailurePercentage == 0
      && jsondecode(aws_sfn_state_machine.convert.definition).States[name].MaxConcurrency == 7
    )])
    error_message = "the maps"
  }
}

run "with_the_settings_above" {
  # A portion that fails is retried, then reported.
  assert {
    condition = alltrue([for name in ["Summarise", "Convert"] : (
      jsondecode(aws_sfn_state_machine.convert.definition).States[name].ItemProcessor.States.Portion.Catch == [
        { ErrorEquals = ["States.ALL"], ResultPath = "$.error", Next = "GiveUp" }
      ]
      && jsondecode(aws_sfn_state_machine.convert.definition).States[name].ItemProcessor.States.GiveUp.Next == "Failed"
      && jsondecode(aws_sfn_state_machine.convert.definition).States[name].ItemProcessor.States.Failed.Type == "Fail"
    )])
    error_message = "a portion whose failure nobody hears of, or that counts as done"
  }
  assert {
    condition = alltrue(flatten([for machine in concat(
      [jsondecode(aws_sfn_state_machine.convert.definition).States],
      [for name in ["Summarise", "Convert"] :
      jsondecode(aws_sfn_state_machine.convert.definition).States[name].ItemProcessor.States]) :
      [for state in machine : { for retry in reverse(state.Retry) : retry.ErrorEquals[0] => [retry.BackoffRate, retry.JitterStrategy]
        if retry.MaxAttempts > 0 } == {
        "Lambda.TooManyRequestsException" = [1, "FULL"]
        "States.ALL"                      = [2, "FULL"]
      } && state.Retry[length(state.Retry) - 1].ErrorEquals == ["States.ALL"] if state.Type == "Task"]
    ]))
    error_message = "no retry"
  }

  # An object that another invocation is working on is retried later.
  # With full jitter a pause is half its interval on average; a lease lasts 900 s at most.
  assert {
    condition = alltrue([for retry in [jsondecode(aws_sfn_state_machine.convert.definition).States.InOrder.Retry[0]] :
      contains(retry.ErrorEquals, "Sluice.Taken") && retry.BackoffRate == 1
      && retry.IntervalSeconds * retry.MaxAttempts / 2 > 1200
    ])
    error_message = "not for as long as a right lasts"
  }

  # A portion reports why it failed before Step Functions ends it.
  # The longest possible time: one attempt, the report, and all pauses between attempts.
  assert {
    condition = alltrue([for name in ["Summarise", "Convert"] : sum(flatten([
      for state in values(jsondecode(aws_sfn_state_machine.convert.definition).States[name].ItemProcessor.States) : [
        state.TimeoutSeconds,
        [for retry in state.Retry : try(
          retry.IntervalSeconds * (retry.BackoffRate == 1 ? retry.MaxAttempts : pow(retry.BackoffRate, retry.MaxAttempts) - 1), 0
        )],
      ] if state.Type == "Task"
    ])) < 290])
    error_message = "longer than 5 minutes"
  }
  assert {
    condition = alltrue(flatten([for name in ["Summarise", "Convert"] : [
      for state in values(jsondecode(aws_sfn_state_machine.convert.definition).States[name].ItemProcessor.States) :
      state.Retry[0] == { ErrorEquals = ["States.Timeout"], MaxAttempts = 0 } if state.Type == "Task"
    ]]))
    error_message = "what took too long is tried again"
  }

  # An execution that fails can be redriven and is reported.
  assert {
    condition = alltrue([for state in jsondecode(aws_sfn_state_machine.convert.definition).States :
      !can(state.Catch) && state.Type != "Fail"
    ])
    error_message = "a state that a redrive can't take up again"
  }
  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.failures.event_pattern).detail == {
      stateMachineArn = ["arn:aws:states:eu-west-1:123456789012:stateMachine:sluice-convert"]
      status          = ["FAILED", "TIMED_OUT", "ABORTED"]
    }
    error_message = "an end that nobody hears of"
  }
  assert {
    condition = (aws_cloudwatch_event_target.failures.arn == "arn:aws:lambda:eu-west-1:123456789012:function:sluice"
    && aws_lambda_permission.failures.principal == "events.amazonaws.com")
    error_message = "who is told"
  }

  # The state machine calls the function and nothing else.
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.state_machine.policy).Statement :
      statement.Resource if statement.Sid == "CallFunction"] == [
      ["arn:aws:lambda:eu-west-1:123456789012:function:sluice"]
    ]
    error_message = "the role of the state machine"
  }

  # Notes are kept for a while and private.
  assert {
    condition = (aws_s3_bucket_lifecycle_configuration.work.rule[0].expiration[0].days == 30
    && aws_s3_bucket_public_access_block.work.restrict_public_buckets)
    error_message = "the work bucket"
  }
}

run "its_services_are_those_of_the_partition" {
  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn" }
  }
  assert {
    condition     = !strcontains(aws_sfn_state_machine.convert.definition, "arn:aws:")
    error_message = "a service of another partition"
  }
}
