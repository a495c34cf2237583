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

run "all_that_fails_is_tried_again_and_then_reported" {
  assert {
    condition = alltrue([for name, state in jsondecode(aws_sfn_state_machine.convert.definition).States :
      state.Catch[0].Next == "GiveUp" && state.Catch[0].ErrorEquals[0] == "States.ALL"
      if contains(["Task", "Map"], state.Type) && name != "GiveUp"
    ])
    error_message = "a failure that nobody hears of"
  }
  assert {
    condition = alltrue([for state in jsondecode(aws_sfn_state_machine.convert.definition).States :
      state.Retry[0].JitterStrategy == "FULL" && state.Retry[0].BackoffRate == 2 if state.Type == "Task"
    ])
    error_message = "no retry"
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
