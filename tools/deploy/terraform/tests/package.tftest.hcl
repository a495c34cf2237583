# Tests the function's zip: of this machine or in S3, for the right processor, and the one that was meant.
mock_provider "aws" {
  source = "./tests/mocks"
}

run "a_zip_in_s3_is_named_by_version_and_checksum" {
  override_data {
    target = data.aws_s3_object.facts
    values = { body = "{\"architecture\":\"arm64\",\"sha256\":\"a5e3dc8a0b129d2783d2e3d5f9249f4e5e3ca2ea4b967f3165413b49a1fff2de\"}" }
  }
  override_resource {
    target = aws_lambda_function.sluice
    values = {
      arn         = "arn:aws:lambda:eu-west-1:123456789012:function:sluice"
      code_sha256 = "pePcigsSnSeD0uPV+SSfTl48oupLln8xZUE7SaH/8t4="
    }
  }
  variables {
    architecture = "arm64"
    lambda_s3 = {
      bucket  = "releases"
      key     = "sluice-lambda.zip"
      version = "abc"
      sha256  = "a5e3dc8a0b129d2783d2e3d5f9249f4e5e3ca2ea4b967f3165413b49a1fff2de"
    }
  }
  assert {
    condition = (aws_lambda_function.sluice.s3_bucket == "releases" && aws_lambda_function.sluice.s3_key == "sluice-lambda.zip"
    && aws_lambda_function.sluice.s3_object_version == "abc" && aws_lambda_function.sluice.filename == null)
    error_message = "the function's code"
  }
  assert {
    condition     = data.aws_s3_object.facts[0].bucket == "releases" && data.aws_s3_object.facts[0].key == "sluice-lambda.zip.json"
    error_message = "the facts"
  }
  assert {
    condition     = aws_lambda_function.sluice.source_code_hash == filebase64sha256("tests/zips/arm64.zip")
    error_message = "the checksum in base64"
  }
}

# The hash that Lambda states is that of the run before.
run "another_zip_than_the_one_with_the_checksum_is_found" {
  command = plan

  override_data {
    target = data.aws_s3_object.facts
    values = { body = "{\"architecture\":\"x86_64\",\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\"}" }
  }
  variables {
    lambda_s3 = {
      bucket  = "releases"
      key     = "sluice-lambda.zip"
      version = "abc"
      sha256  = "0000000000000000000000000000000000000000000000000000000000000000"
    }
  }

  expect_failures = [aws_lambda_function.sluice]
}

run "a_zip_for_the_architecture_is_taken" {
  variables {
    lambda_zip   = "tests/zips/arm64.zip"
    architecture = "arm64"
  }
  assert {
    condition = (aws_lambda_function.sluice.filename == "tests/zips/arm64.zip" && aws_lambda_function.sluice.s3_bucket == null
    && aws_lambda_function.sluice.architectures == tolist(["arm64"]) && length(data.aws_s3_object.facts) == 0)
    error_message = "the function's code"
  }
}

run "a_zip_for_another_processor_is_refused" {
  command = plan

  variables {
    lambda_zip = "tests/zips/arm64.zip"
  }

  expect_failures = [aws_lambda_function.sluice]
}

run "facts_of_another_zip_are_refused" {
  command = plan

  variables {
    lambda_zip = "tests/zips/stale.zip"
  }

  expect_failures = [aws_lambda_function.sluice]
}

run "a_zip_in_s3_for_another_processor_is_refused" {
  command = plan

  override_data {
    target = data.aws_s3_object.facts
    values = { body = "{\"architecture\":\"arm64\",\"sha256\":\"a5e3dc8a0b129d2783d2e3d5f9249f4e5e3ca2ea4b967f3165413b49a1fff2de\"}" }
  }
  variables {
    lambda_s3 = {
      bucket  = "releases"
      key     = "sluice-lambda.zip"
      version = "abc"
      sha256  = "a5e3dc8a0b129d2783d2e3d5f9249f4e5e3ca2ea4b967f3165413b49a1fff2de"
    }
  }

  expect_failures = [aws_lambda_function.sluice]
}

run "one_zip_is_chosen" {
  command = plan

  expect_failures = [aws_lambda_function.sluice]
}

run "a_checksum_that_is_none_is_refused" {
  command = plan

  variables {
    lambda_s3 = {
      bucket  = "releases"
      key     = "sluice-lambda.zip"
      version = "abc"
      sha256  = "pePcigsSnSeD0uPV+SSfTl48oupLln8xZUE7SaH/8t4="
    }
  }

  expect_failures = [var.lambda_s3]
}
