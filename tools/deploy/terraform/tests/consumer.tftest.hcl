# Tests the function that consumes messages, and that without it nothing of it exists.
mock_provider "aws" {
  source = "./tests/mocks"

  override_resource {
    target = aws_lambda_function.consumer
    values = { arn = "arn:aws:lambda:eu-west-1:123456789012:function:sluice-consumer" }
  }
}

variables {
  lambda_zip = "versions.tf"
  consumer   = { zip = "versions.tf" }
}

run "without_a_consumer_nothing_of_it_exists" {
  variables {
    consumer = null
  }
  assert {
    condition = length(concat(aws_lambda_function.consumer, aws_lambda_event_source_mapping.consumer, aws_iam_role.consumer,
    aws_cloudwatch_log_group.consumer, aws_s3_bucket.rows, aws_s3_bucket_policy.rows)) == 0
    error_message = "a part of it"
  }
  assert {
    condition     = output.row_bucket == null && output.consumer_role_arn == null
    error_message = "the outputs"
  }
}

run "it_gets_messages_and_names_those_that_failed" {
  variables {
    consumer = { zip = "versions.tf", concurrency = 20, batch_size = 100, prefix = "rows/" }
  }
  assert {
    condition = (aws_lambda_event_source_mapping.consumer[0].event_source_arn == aws_sqs_queue.messages[0].arn
      && aws_lambda_event_source_mapping.consumer[0].function_name == aws_lambda_function.consumer[0].arn
      && aws_lambda_event_source_mapping.consumer[0].batch_size == 100
      && aws_lambda_event_source_mapping.consumer[0].maximum_batching_window_in_seconds == 1
      && aws_lambda_event_source_mapping.consumer[0].scaling_config[0].maximum_concurrency == 20
    && aws_lambda_event_source_mapping.consumer[0].function_response_types == toset(["ReportBatchItemFailures"]))
    error_message = "the mapping"
  }
  assert {
    condition = (aws_lambda_function.consumer[0].runtime == "provided.al2023" && aws_lambda_function.consumer[0].handler == "bootstrap"
      && aws_lambda_function.consumer[0].architectures == tolist([var.architecture])
    && aws_lambda_function.consumer[0].environment[0].variables == tomap({ BUCKET = "sluice-rows-123456789012", PREFIX = "rows/" }))
    error_message = "the function"
  }
  assert {
    condition     = aws_cloudwatch_log_group.consumer[0].name == "/aws/lambda/${aws_lambda_function.consumer[0].function_name}"
    error_message = "Lambda would make a log group of its own"
  }
}

run "it_may_do_only_what_it_must" {
  variables {
    oversize       = "offload"
    offload_bucket = "acme-large"
  }
  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.consumer[0].policy).Statement :
      statement.Sid => [statement.Effect, statement.Action, statement.Resource] } == {
      TakeMessages      = ["Allow", ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], ["arn:aws:sqs:eu-west-1:123456789012:sluice-messages"]]
      WriteRows         = ["Allow", ["s3:PutObject"], ["arn:aws:s3:::sluice-rows-123456789012/*"]]
      ReadManifests     = ["Allow", ["s3:GetObject"], ["arn:aws:s3:::sluice-rows-123456789012/*/_MANIFEST"]]
      ListRows          = ["Allow", ["s3:ListBucket"], ["arn:aws:s3:::sluice-rows-123456789012"]]
      WriteLog          = ["Allow", ["logs:CreateLogStream", "logs:PutLogEvents"], ["arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/sluice-consumer:*"]]
      ReadOffloadedRows = ["Allow", ["s3:GetObject"], ["arn:aws:s3:::acme-large/sluice/*"]]
    }
    error_message = "its permissions"
  }
  assert {
    condition     = aws_lambda_function.consumer[0].environment[0].variables["OFFLOAD_BUCKET"] == "acme-large"
    error_message = "the bucket of large rows"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role.consumer[0].assume_role_policy).Statement : statement.Principal] == [
    { Service = "lambda.amazonaws.com" }]
    error_message = "others can have its role"
  }
}

run "its_bucket_is_private_and_encrypted" {
  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/44444444-2222-3333-4444-555555555555"
  }
  assert {
    condition = (aws_s3_bucket_public_access_block.rows[0].block_public_acls && aws_s3_bucket_public_access_block.rows[0].block_public_policy
      && aws_s3_bucket_public_access_block.rows[0].ignore_public_acls && aws_s3_bucket_public_access_block.rows[0].restrict_public_buckets
    && aws_s3_bucket_ownership_controls.rows[0].rule[0].object_ownership == "BucketOwnerEnforced")
    error_message = "the bucket can be made public"
  }
  assert {
    condition = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.rows[0].rule :
    rule.apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn])
    error_message = "rows are not encrypted with the key"
  }
  assert {
    condition = jsondecode(aws_s3_bucket_policy.rows[0].policy).Statement == [{
      Sid       = "OnlyTLS"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::sluice-rows-123456789012", "arn:aws:s3:::sluice-rows-123456789012/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "rows can be read without TLS"
  }
  assert {
    condition     = contains([for statement in jsondecode(aws_iam_role_policy.consumer[0].policy).Statement : statement.Sid], "UseKey")
    error_message = "it can neither read messages nor write rows"
  }
}

run "it_is_in_the_companys_network_with_its_boundary_and_log_group" {
  variables {
    vpc                  = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
    permissions_boundary = "arn:aws:iam::123456789012:policy/boundary"
    existing_log_group   = "/company/data"
    existing_queue_arn   = "arn:aws:sqs:eu-west-1:123456789012:orders"
    consumer             = { zip = "versions.tf", bucket = "acme-rows", timeout = 900 }
  }
  assert {
    condition = (aws_lambda_function.consumer[0].vpc_config[0].subnet_ids == toset(["subnet-1"])
      && aws_iam_role.consumer[0].permissions_boundary == var.permissions_boundary
      && aws_lambda_function.consumer[0].logging_config[0].log_group == "/company/data"
      && length(aws_cloudwatch_log_group.consumer) == 0
    && strcontains(aws_iam_role_policy.consumer[0].policy, "log-group:/company/data:*"))
    error_message = "network, boundary or log group"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.consumer[0].policy).Statement : statement.Condition.ArnEquals["lambda:SourceFunctionArn"]
      if statement.Sid == "ButNotFromCode"] == [
    ["arn:aws:lambda:eu-west-1:123456789012:function:sluice", "arn:aws:lambda:eu-west-1:123456789012:function:sluice-consumer"]]
    error_message = "its code can make network interfaces"
  }
  assert {
    condition = (aws_lambda_event_source_mapping.consumer[0].event_source_arn == var.existing_queue_arn
      && aws_lambda_function.consumer[0].environment[0].variables["BUCKET"] == "acme-rows" && output.row_bucket == "acme-rows"
    && length(concat(aws_s3_bucket.rows, aws_s3_bucket_policy.rows)) == 0)
    error_message = "queue or bucket"
  }
}

run "it_can_consume_a_fifo_queue" {
  variables {
    fifo = true
  }
  assert {
    condition     = aws_lambda_event_source_mapping.consumer[0].maximum_batching_window_in_seconds == null
    error_message = "Lambda allows no window for a FIFO queue"
  }
}

run "a_fifo_queue_has_batches_of_10" {
  command = plan
  variables {
    fifo     = true
    consumer = { zip = "versions.tf", batch_size = 11 }
  }
  expect_failures = [aws_lambda_event_source_mapping.consumer]
}

run "messages_stay_hidden_for_six_times_its_timeout" {
  command = plan
  variables {
    visibility_timeout = 299
  }
  expect_failures = [aws_lambda_event_source_mapping.consumer]
}

run "messages_may_be_received_often_enough" {
  command = plan
  variables {
    max_receive_count = 4
  }
  expect_failures = [aws_lambda_event_source_mapping.consumer]
}

run "it_can_be_in_python" {
  variables {
    consumer = { zip = "versions.tf", runtime = "python3.13", handler = "consumer.handle" }
  }
  assert {
    condition = (aws_lambda_function.consumer[0].runtime == "python3.13" && aws_lambda_function.consumer[0].handler == "consumer.handle"
    && aws_lambda_function.consumer[0].environment[0].variables == tomap({ BUCKET = "sluice-rows-123456789012" }))
    error_message = "the function"
  }
}

run "rows_may_not_become_uploads" {
  command = plan
  variables {
    consumer = { zip = "versions.tf", bucket = "sluice-uploads-123456789012" }
  }
  expect_failures = [aws_lambda_function.consumer]
}

run "a_zip_for_another_processor_is_refused" {
  command = plan
  variables {
    consumer = { zip = "tests/zips/arm64.zip" }
  }
  expect_failures = [aws_lambda_function.consumer]
}

run "a_zip_must_exist" {
  command = plan
  variables {
    consumer = { zip = "none.zip" }
  }
  expect_failures = [var.consumer]
}

run "concurrency_is_at_least_2" {
  command = plan
  variables {
    consumer = { zip = "versions.tf", concurrency = 1 }
  }
  expect_failures = [var.consumer]
}

run "a_batch_has_a_message" {
  command = plan
  variables {
    consumer = { zip = "versions.tf", batch_size = 0 }
  }
  expect_failures = [var.consumer]
}

run "lambda_ends_it_after_15_minutes" {
  command = plan
  variables {
    consumer = { zip = "versions.tf", timeout = 901 }
  }
  expect_failures = [var.consumer]
}
