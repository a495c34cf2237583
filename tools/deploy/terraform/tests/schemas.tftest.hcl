# Tests the schemas of uploads.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  lambda_zip = "versions.tf"
  schemas = {
    "orders/"      = "{\"fields\":[{\"name\":\"id\",\"type\":\"integer\"}]}"
    "a b*${"$"}/é" = "{\"dialect\":{\"delimiter\":\";\"},\"schema\":{\"fields\":[]}}"
    ""             = "{\"fields\":[]}"
  }
}

run "without_schemas_nothing_of_them_exists" {
  variables {
    schemas = {}
  }
  assert {
    condition     = length(aws_s3_bucket.schemas) + length(aws_s3_object.schema) == 0
    error_message = "a bucket"
  }
  assert {
    condition     = !can(aws_lambda_function.sluice.environment[0].variables["SLUICE_SCHEMAS"])
    error_message = "a variable"
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.function.policy, "ReadSchemas")
    error_message = "a permission"
  }
}

run "each_schema_is_an_object_whose_version_the_function_gets" {
  assert {
    condition = jsondecode(aws_lambda_function.sluice.environment[0].variables["SLUICE_SCHEMAS"]) == {
      for prefix, object in aws_s3_object.schema :
      prefix => "s3://sluice-schemas-123456789012/${object.key}?versionId=abcdefghijklmnopqrstuvwxyz012345"
    }
    error_message = "the function's variable"
  }
  assert {
    condition     = tomap({ for prefix, object in aws_s3_object.schema : prefix => object.content }) == var.schemas
    error_message = "the objects"
  }
  assert {
    condition = (alltrue([for object in aws_s3_object.schema : can(regex("^[A-Za-z0-9._-]+\\.json$", object.key))])
    && startswith(aws_s3_object.schema["orders/"].key, "orders-") && length(distinct([for object in aws_s3_object.schema : object.key])) == 3)
    error_message = "the keys"
  }
  assert {
    condition     = aws_s3_bucket_versioning.schemas[0].versioning_configuration[0].status == "Enabled"
    error_message = "no versions"
  }
  # A running execution finds the schema with which it began.
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.schemas[0].rule[0].noncurrent_version_expiration[0].noncurrent_days > 365
    error_message = "a replaced schema ends before an execution must"
  }
  assert {
    condition = (aws_s3_bucket_public_access_block.schemas[0].restrict_public_buckets
      && aws_s3_bucket_ownership_controls.schemas[0].rule[0].object_ownership == "BucketOwnerEnforced"
    && jsondecode(aws_s3_bucket_policy.schemas[0].policy).Statement[0].Condition == { Bool = { "aws:SecureTransport" = "false" } })
    error_message = "the bucket is not private"
  }
}

run "only_these_objects_can_be_read" {
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.function.policy).Statement : statement if statement.Sid == "ReadSchemas"] == [{
      Sid      = "ReadSchemas"
      Effect   = "Allow"
      Action   = ["s3:GetObjectVersion"]
      Resource = [for object in values(aws_s3_object.schema) : "arn:aws:s3:::sluice-schemas-123456789012/${object.key}"]
    }]
    error_message = "the function's permission"
  }
}

run "the_task_can_read_them_too" {
  variables {
    task_image           = "registry.example/sluice:1"
    task_subnets         = ["subnet-1"]
    task_security_groups = ["sg-1"]
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.task[0].policy).Statement : statement if statement.Sid == "ReadSchemas"] == [
    for statement in jsondecode(aws_iam_role_policy.function.policy).Statement : statement if statement.Sid == "ReadSchemas"]
    error_message = "the task's permission"
  }
  # Which schema applies is a matter of the plan.
  assert {
    condition     = !strcontains(aws_ecs_task_definition.task[0].container_definitions, "schema")
    error_message = "a schema for all"
  }
}

run "a_file_that_is_no_schema_is_refused" {
  command = plan

  variables {
    schemas = { "orders/" = "{\"columns\":[]}" }
  }

  expect_failures = [var.schemas]
}

run "a_schema_in_two_places_is_refused" {
  command = plan

  variables {
    options = { SLUICE_SCHEMA = "{\"fields\":[]}" }
  }

  expect_failures = [aws_lambda_function.sluice]
}

run "more_prefixes_than_the_variables_of_a_function_hold_are_refused" {
  command = plan

  variables {
    schemas = { for number in range(40) : "partners/number-${number}/" => "{\"fields\":[]}" }
  }

  expect_failures = [aws_lambda_function.sluice]
}
