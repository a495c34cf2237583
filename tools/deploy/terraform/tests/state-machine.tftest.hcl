# How large objects are converted.
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

run "a_portion_that_fails_is_tried_again_and_then_reported" {
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
      [for state in machine : state.Retry[0].JitterStrategy == "FULL" && state.Retry[0].BackoffRate == 2 if state.Type == "Task"]
    ]))
    error_message = "no retry"
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

run "an_execution_that_fails_can_be_redriven_and_is_reported" {
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
}

run "the_state_machine_calls_the_function_and_nothing_else" {
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.state_machine.policy).Statement :
      statement.Resource if statement.Sid == "CallFunction"] == [
      ["arn:aws:lambda:eu-west-1:123456789012:function:sluice"]
    ]
    error_message = "the role of the state machine"
  }
}

run "notes_are_kept_for_a_while_and_private" {
  assert {
    condition = (aws_s3_bucket_lifecycle_configuration.work.rule[0].expiration[0].days == 30
    && aws_s3_bucket_public_access_block.work.restrict_public_buckets)
    error_message = "the work bucket"
  }
}
