# Tests the variables for versions of one key.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  lambda_zip = "versions.tf"
}

run "versions_are_neither_ordered_nor_skipped_by_default" {
  assert {
    condition     = length(setintersection(["SLUICE_ORDERED", "SLUICE_SKIP_STALE"], keys(aws_lambda_function.sluice.environment[0].variables))) == 0
    error_message = "a variable of the function"
  }
}

run "the_function_is_told_to_order_versions" {
  variables {
    buffer  = true
    ordered = true
  }
  assert {
    condition = (aws_lambda_function.sluice.environment[0].variables["SLUICE_ORDERED"] == "true"
    && !contains(keys(aws_lambda_function.sluice.environment[0].variables), "SLUICE_SKIP_STALE"))
    error_message = "SLUICE_ORDERED alone"
  }
}

run "the_function_is_told_to_skip_stale_versions" {
  variables {
    skip_stale = true
  }
  assert {
    condition = (aws_lambda_function.sluice.environment[0].variables["SLUICE_SKIP_STALE"] == "true"
    && !contains(keys(aws_lambda_function.sluice.environment[0].variables), "SLUICE_ORDERED"))
    error_message = "SLUICE_SKIP_STALE alone"
  }
}

run "a_waiting_version_needs_a_queue_that_tries_again" {
  command = plan
  variables {
    ordered = true
  }
  expect_failures = [aws_lambda_function.sluice]
}

run "a_task_would_not_wait" {
  command = plan
  variables {
    buffer               = true
    ordered              = true
    task_image           = "registry/sluice:1"
    task_subnets         = ["subnet-1"]
    task_security_groups = ["sg-1"]
  }
  expect_failures = [aws_lambda_function.sluice]
}
