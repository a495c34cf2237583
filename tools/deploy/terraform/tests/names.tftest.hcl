# Tests names, which must differ between regions where AWS has one namespace for all of them.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  lambda_zip           = "versions.tf"
  schemas              = { "" = "{\"fields\":[]}" }
  task_image           = "registry.example/sluice"
  task_subnets         = ["subnet-1"]
  task_security_groups = ["sg-1"]
}

run "names_have_no_region_by_default" {
  assert {
    condition = [aws_iam_role.function.name, aws_iam_role.state_machine.name, aws_iam_role.task[0].name,
      aws_iam_role.task_execution[0].name, aws_cloudwatch_dashboard.this.dashboard_name, aws_s3_bucket.uploads[0].bucket,
      aws_s3_bucket.work.bucket, aws_s3_bucket.schemas[0].bucket] == [
      "sluice-function", "sluice-state-machine", "sluice-task", "sluice-task-execution", "sluice",
      "sluice-uploads-123456789012", "sluice-work-123456789012", "sluice-schemas-123456789012",
    ]
    error_message = "names that existing pipelines have"
  }
}

run "in_a_second_region_names_have_the_region" {
  variables {
    region_in_names = true
  }
  assert {
    condition = alltrue([for name in [aws_iam_role.function.name, aws_iam_role.state_machine.name, aws_iam_role.task[0].name,
      aws_iam_role.task_execution[0].name, aws_cloudwatch_dashboard.this.dashboard_name, aws_s3_bucket.uploads[0].bucket,
      aws_s3_bucket.work.bucket, aws_s3_bucket.schemas[0].bucket] : startswith(name, "sluice-eu-west-1")
    ])
    error_message = "a name that the first region has"
  }
  # The policies name these buckets.
  assert {
    condition = jsondecode(aws_iam_role_policy.function.policy).Statement[0].Resource == [
      "arn:aws:s3:::sluice-eu-west-1-uploads-123456789012/*"
    ]
    error_message = "the function's permission"
  }
  # Names of other things belong to a region.
  assert {
    condition     = aws_lambda_function.sluice.function_name == "sluice" && aws_sqs_queue.messages[0].name == "sluice-messages"
    error_message = "names that need no region"
  }
}
