# Tests that values which would fail later, or do harm, are refused during planning.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  lambda_zip = "versions.tf"
}

run "each_value_is_checked" {
  command = plan

  variables {
    name                 = "Sluice_"
    bucket_name          = "UPPER"
    prefix               = "in/*"
    suffixes             = ["*.csv"]
    uploader_arns        = ["*"]
    subscriber_accounts  = ["1234"]
    noncurrent_days      = 0
    architecture         = "riscv"
    memory_size          = 64
    timeout              = 901
    reserved_concurrency = 0
    max_message_bytes    = 1048577
    message_format       = "xml"
    zstd_level           = 23
    oversize             = "split"
    max_rejects          = "101%"
    max_rejected_percent = 0
    offload_bucket       = "UPPER"
    offload_prefix       = "*"
    metrics_level        = "few"
    log_level            = "loud"
    options              = { PATH = "/" }
    log_retention_days   = 2
    visibility_timeout   = 43201
    retention_days       = 14
    max_receive_count    = 0
    max_message_age      = 1
    max_event_age        = 21600
    buffer_concurrency   = 1
    buffer_batch_size    = 11
    portion_segments     = 65
    max_concurrency      = 0
    schemas              = { "a/" = "{" }
    schema_bucket_name   = "UPPER"
  }

  expect_failures = [
    var.name, var.bucket_name, var.prefix, var.suffixes, var.uploader_arns, var.subscriber_accounts, var.noncurrent_days, var.architecture,
    var.memory_size, var.timeout, var.reserved_concurrency, var.max_message_bytes, var.message_format, var.zstd_level,
    var.oversize, var.max_rejects, var.max_rejected_percent, var.offload_bucket, var.offload_prefix, var.metrics_level, var.log_level, var.options, var.log_retention_days,
    var.visibility_timeout, var.retention_days, var.max_receive_count, var.max_message_age, var.max_event_age,
    var.buffer_concurrency, var.buffer_batch_size,
    var.portion_segments, var.max_concurrency, var.schemas, var.schema_bucket_name,
  ]
}

run "each_value_is_used" {
  variables {
    tags               = { team = "data" }
    bucket_name        = "acme-inbox"
    work_bucket_name   = "acme-notes"
    force_destroy      = true
    tls_only           = false
    noncurrent_days    = 3
    retention_days     = 2
    log_retention_days = 7
    max_message_age    = 600
    memory_size        = 2048
    log_level          = "debug"
    route_bytes        = 123456789
    portion_segments   = 5
  }
  assert {
    condition = alltrue([for resource in [aws_lambda_function.sluice, aws_s3_bucket.uploads[0], aws_s3_bucket.work,
      aws_sqs_queue.messages[0], aws_sns_topic.uploads[0], aws_iam_role.function, aws_sfn_state_machine.convert,
    aws_cloudwatch_log_group.function[0], aws_cloudwatch_metric_alarm.this["failed"]] : resource.tags == tomap({ team = "data" })])
    error_message = "the tags"
  }
  assert {
    condition = (aws_s3_bucket.uploads[0].bucket == "acme-inbox" && aws_s3_bucket.uploads[0].force_destroy
      && aws_s3_bucket.work.bucket == "acme-notes"
    && length(concat(aws_s3_bucket_policy.uploads, aws_s3_bucket_policy.work)) == 0)
    error_message = "the buckets"
  }
  assert {
    condition = [for rule in aws_s3_bucket_lifecycle_configuration.uploads[0].rule :
    rule.noncurrent_version_expiration[0].noncurrent_days if length(rule.noncurrent_version_expiration) > 0] == [3]
    error_message = "how long old versions are kept"
  }
  assert {
    condition = (aws_sqs_queue.messages[0].message_retention_seconds == 172800
      && aws_cloudwatch_log_group.function[0].retention_in_days == 7
    && aws_cloudwatch_metric_alarm.this["message-age"].threshold == 600)
    error_message = "times"
  }
  assert {
    condition = aws_lambda_function.sluice.memory_size == 2048 && { for name, value in aws_lambda_function.sluice.environment[0].variables :
      name => value if contains(["LOG_LEVEL", "SLUICE_ROUTE_BYTES", "SLUICE_PORTION_SEGMENTS"], name) } == {
      LOG_LEVEL = "debug", SLUICE_ROUTE_BYTES = "123456789", SLUICE_PORTION_SEGMENTS = "5"
    }
    error_message = "the function"
  }
}

run "filters_do_not_overlap" {
  command = plan

  variables {
    suffixes = [".csv", ".v2.csv"]
  }

  expect_failures = [var.suffixes]
}

run "filters_do_not_overlap_where_they_are_encoded" {
  command = plan

  variables {
    suffixes = ["é.csv", "A9.csv"]
  }

  expect_failures = [var.suffixes]
}

run "suffixes_do_not_end_with_a_space" {
  command = plan

  variables {
    suffixes = [".csv "]
  }

  expect_failures = [var.suffixes]
}

run "a_prefix_that_is_too_long_once_encoded_is_refused" {
  command = plan

  variables {
    prefix = join("", [for n in range(400) : "="])
  }

  expect_failures = [var.prefix]
}

# The mock's quota is 110.
run "concurrency_can_be_reserved_up_to_100_below_the_quota" {
  command = plan

  variables {
    reserved_concurrency = 10
  }
}

run "concurrency_that_lambda_keeps_unreserved_is_refused" {
  command = plan

  variables {
    reserved_concurrency = 11
  }

  expect_failures = [aws_lambda_function.sluice]
}

run "offloading_takes_a_bucket" {
  command = plan

  variables {
    oversize = "offload"
  }

  expect_failures = [aws_lambda_function.sluice]
}

run "a_bucket_for_offloading_that_would_not_be_used_is_told" {
  command = plan

  variables {
    offload_bucket = "rows"
  }

  expect_failures = [aws_lambda_function.sluice]
}

run "rows_do_not_become_uploads" {
  command = plan

  variables {
    oversize       = "offload"
    bucket_name    = "uploads"
    offload_bucket = "uploads"
  }

  expect_failures = [aws_lambda_function.sluice]
}

run "a_missing_zip_is_told" {
  command = plan

  variables {
    lambda_zip = "no such file.zip"
  }

  # Planning ends here, since a missing file has no hash.
  expect_failures = [var.lambda_zip]
}

run "options_that_the_module_has_variables_for_are_refused" {
  command = plan

  variables {
    options = { SLUICE_LENIENT = "true", SLUICE_DELIMITER = ";" }
  }

  expect_failures = [aws_lambda_function.sluice]
}

run "options_do_not_pass_by_the_checks_of_variables" {
  command = plan

  variables {
    options = { SLUICE_ORDERED = "true" }
  }

  expect_failures = [aws_lambda_function.sluice]
}
