# Tests the task on ECS, which converts large objects that must be read in order.
mock_provider "aws" {
  source = "./tests/mocks"

  override_resource {
    target = aws_iam_role.task
    values = { arn = "arn:aws:iam::123456789012:role/sluice-task" }
  }

  override_resource {
    target = aws_iam_role.task_execution
    values = { arn = "arn:aws:iam::123456789012:role/sluice-task-execution" }
  }
}

variables {
  lambda_zip           = "versions.tf"
  task_image           = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools/sluice:1"
  task_subnets         = ["subnet-1", "subnet-2"]
  task_security_groups = ["sg-1"]
}

run "without_an_image_nothing_of_it_exists" {
  variables {
    task_image = null
  }
  assert {
    condition = length(concat(aws_ecs_cluster.task, aws_ecs_task_definition.task, aws_cloudwatch_log_group.task,
    aws_iam_role.task, aws_iam_role.task_execution, aws_iam_role_policy.state_machine_task)) == 0
    error_message = "something exists"
  }
  assert {
    condition     = !strcontains(aws_sfn_state_machine.convert.definition, "ecs:")
    error_message = "the state machine runs a task"
  }
}

run "objects_in_order_go_to_the_task_if_they_are_large" {
  variables {
    task_bytes = 1000
  }
  assert {
    condition = jsondecode(aws_sfn_state_machine.convert.definition).States.Planned == {
      Type = "Choice"
      Choices = [{
        And = [
          { Variable = "$.route", StringEquals = "inOrder" },
          { Variable = "$.schema", IsPresent = false },
          { Variable = "$.object.versionId", IsPresent = true },
          { Variable = "$.object.size", NumericGreaterThan = 1000 },
        ]
        Next = "InOrderByTask"
        }, {
        And = [
          { Variable = "$.route", StringEquals = "inOrder" },
          { Variable = "$.schema.source", IsPresent = true },
          { Variable = "$.object.versionId", IsPresent = true },
          { Variable = "$.object.size", NumericGreaterThan = 1000 },
        ]
        Next = "InOrderByTaskWithSchema"
      }, { Variable = "$.route", StringEquals = "distributed", Next = "Summarise" }]
      Default = "InOrder"
    }
    error_message = "the routes"
  }
  assert {
    condition = jsondecode(aws_sfn_state_machine.convert.definition).States.InOrderByTask.Parameters == {
      LaunchType     = "FARGATE"
      Cluster        = "arn:aws:ecs:eu-west-1:123456789012:cluster/sluice-task"
      TaskDefinition = "sluice-task"
      NetworkConfiguration = {
        AwsvpcConfiguration = { Subnets = ["subnet-1", "subnet-2"], SecurityGroups = ["sg-1"], AssignPublicIp = "DISABLED" }
      }
      Overrides = {
        ContainerOverrides = [{
          Name        = "sluice"
          "Command.$" = "States.Array('--event', $.event, States.Format('s3://{}/{}?versionId={}', $.object.bucket, $.object.key, $.object.versionId))"
        }]
      }
    }
    error_message = "how the task is run"
  }
  assert {
    condition = (
      jsondecode(aws_sfn_state_machine.convert.definition).States.InOrderByTask.Next == "Sent"
      && jsondecode(aws_sfn_state_machine.convert.definition).States.Sent.Parameters.Payload == {
        sluice     = "sent"
        "object.$" = "$.object"
      }
      && jsondecode(aws_sfn_state_machine.convert.definition).States.Sent.Next == "Done"
    )
    error_message = "a task that has sent an object, of which no note is made: a late event would have it sent again"
  }
}

run "the_task_gets_the_schema_of_the_plan_and_what_the_event_stated" {
  variables {
    options = { SLUICE_SKIP_CONSTRAINTS = "unique, primaryKey" }
  }
  assert {
    condition = jsondecode(aws_sfn_state_machine.convert.definition).States.InOrderByTaskWithSchema == merge(
      jsondecode(aws_sfn_state_machine.convert.definition).States.InOrderByTask,
      { Parameters = merge(jsondecode(aws_sfn_state_machine.convert.definition).States.InOrderByTask.Parameters, {
        Overrides = { ContainerOverrides = [{
          Name        = "sluice"
          "Command.$" = "States.Array('--event', $.event, '--schema', $.schema.source, '--skip-constraints', 'unique,primaryKey', States.Format('s3://{}/{}?versionId={}', $.object.bucket, $.object.key, $.object.versionId))"
        }] }
    }) })
    error_message = "the command"
  }
}

run "with_the_settings_above" {
  # A task that fails is retried, then fails the execution.
  assert {
    condition = alltrue([for name in ["InOrderByTask", "InOrderByTaskWithSchema"] : alltrue([
      for state in [jsondecode(aws_sfn_state_machine.convert.definition).States[name]] :
      [for retry in state.Retry : [retry.ErrorEquals[0], retry.IntervalSeconds, retry.MaxAttempts]] == [["States.ALL", 60, 2]]
      && !can(state.Catch)
    ])])
    error_message = "a failure that nobody hears of"
  }

  # By default the command has the same settings as the function.
  assert {
    condition = jsondecode(aws_ecs_task_definition.task[0].container_definitions)[0].entryPoint == [
      "/sluice", "send", "--queue-url", "https://sqs.eu-west-1.amazonaws.com/123456789012/sluice-messages",
      "-j", "1", "--progress=log", "--summary=json", "--max-bytes=262144", "--message-format=json", "--oversize=error",
    ]
    error_message = "the command"
  }

  # The container can write only logs.
  assert {
    condition = alltrue([for container in jsondecode(aws_ecs_task_definition.task[0].container_definitions) :
      container.readonlyRootFilesystem && container.linuxParameters.capabilities.drop == ["ALL"]
      && container.logConfiguration.options.awslogs-group == "/ecs/sluice-task"
    ])
    error_message = "the container"
  }

  # The role that starts it may use only the log and this image.
  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.task_execution[0].policy).Statement :
      statement.Sid => statement.Resource } == {
      WriteLog   = ["arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/sluice-task:*"]
      LogInToECR = ["*"]
      PullImage  = ["arn:aws:ecr:eu-west-1:123456789012:repository/tools/sluice"]
    }
    error_message = "the execution role"
  }

  # The state machine runs this task and passes its roles.
  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.state_machine_task[0].policy).Statement :
      statement.Sid => [statement.Action, statement.Resource, try(statement.Condition, null)] } == {
      RunTask = [["ecs:RunTask"], ["arn:aws:ecs:eu-west-1:123456789012:task-definition/sluice-task:*"],
      { ArnEquals = { "ecs:cluster" = "arn:aws:ecs:eu-west-1:123456789012:cluster/sluice-task" } }]
      FollowTask = [["ecs:DescribeTasks", "ecs:StopTask"], ["arn:aws:ecs:eu-west-1:123456789012:task/sluice-task/*"], null]
      HearOfTask = [["events:DescribeRule", "events:PutRule", "events:PutTargets"],
      ["arn:aws:events:eu-west-1:123456789012:rule/StepFunctionsGetEventsForECSTaskRule"], null]
      PassRoles = [["iam:PassRole"],
        ["arn:aws:iam::123456789012:role/sluice-task", "arn:aws:iam::123456789012:role/sluice-task-execution"],
      { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }]
    }
    error_message = "the role of the state machine"
  }
}

run "each_setting_of_the_function_is_an_option_of_the_command" {
  variables {
    max_message_bytes = 65536
    message_format    = "ndjson"
    oversize          = "reject"
    lenient           = true
    zstd_level        = 7
    task_cpu          = 4096
    task_memory       = 8192
    options = {
      SLUICE_ENCODING          = "latin1"
      SLUICE_ASSUME_CSV        = "true"
      SLUICE_DELIMITER         = "-"
      SLUICE_QUOTE             = "'"
      SLUICE_HEADER            = "a b,{c}"
      SLUICE_NO_HEADER         = "True"
      SLUICE_BARE_CR           = "data"
      SLUICE_QUOTE_IN_PLAIN    = "data"
      SLUICE_AFTER_QUOTE       = "append"
      SLUICE_UNTERMINATED      = "close"
      SLUICE_RAGGED            = "pad"
      SLUICE_DUPLICATE_HEADERS = "rename"
      SLUICE_INVALID_UTF8      = "replace"
      SLUICE_BLANK_LINES       = ""
      SLUICE_METRICS_NAMESPACE = "Other"
    }
  }
  assert {
    condition = slice(jsondecode(aws_ecs_task_definition.task[0].container_definitions)[0].entryPoint, 4, 24) == [
      "-j", "4", "--progress=log", "--summary=json", "--max-bytes=65536", "--message-format=ndjson", "--oversize=reject",
      "--encoding=latin1", "--delimiter=-", "--quote='", "--header=a b,{c}", "--bare-cr=data", "--quote-in-plain=data",
      "--after-quote=append", "--unterminated=close", "--ragged=pad", "--duplicate-headers=rename",
      "--invalid-utf8=replace", "--assume-csv", "--lenient",
    ]
    error_message = "the options"
  }
  assert {
    condition = slice(jsondecode(aws_ecs_task_definition.task[0].container_definitions)[0].entryPoint, 24, 27) == [
      "--no-header", "--zstd=7", "--allow-rejected",
    ]
    error_message = "the last options"
  }
}

run "each_setting_of_rows_is_an_option_of_the_command" {
  variables {
    options = {
      SLUICE_TYPES             = "a:integer,\"b,c\":date"
      SLUICE_NULL              = ",NA,\"say \"\"no\"\", or not\",-"
      SLUICE_ADD_COLUMN        = "z=@source,a=1"
      SLUICE_COMMENT           = "#"
      SLUICE_SELECT            = "b,a"
      SLUICE_RENAME            = "a=x"
      SLUICE_SKIP_LINES        = "3"
      SLUICE_SKIP_AFTER_HEADER = "1"
      SLUICE_MAX_RECORD        = "64MiB"
    }
  }
  assert {
    condition = slice(jsondecode(aws_ecs_task_definition.task[0].container_definitions)[0].entryPoint, 11, 30) == [
      "--max-record=64MiB", "--skip-lines=3", "--skip-after-header=1", "--types=a:integer,\"b,c\":date",
      "--select=b,a", "--rename=a=x", "--add-column", "z=@source", "--add-column", "a=1", "--comment", "#",
      "--null", "", "--null", "NA", "--null", "say \"no\", or not", "--null=-",
    ]
    error_message = "the options"
  }
}

run "zstd_by_its_variable_means_the_same" {
  variables {
    options = { SLUICE_ZSTD = "true" }
  }
  assert {
    condition     = contains(jsondecode(aws_ecs_task_definition.task[0].container_definitions)[0].entryPoint, "--zstd=3")
    error_message = "the level"
  }
}

run "the_task_reads_uploads_and_sends_messages_and_no_more" {
  variables {
    prefix = "in/"
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.task[0].policy).Statement == [{
      Sid      = "ReadUploads"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:GetObjectVersion"]
      Resource = ["arn:aws:s3:::sluice-uploads-123456789012/in/*"]
      }, {
      Sid       = "MissUploads"
      Effect    = "Allow"
      Action    = ["s3:ListBucket"]
      Resource  = ["arn:aws:s3:::sluice-uploads-123456789012"]
      Condition = { StringLikeIfExists = { "s3:prefix" = "in/*" } }
      }, {
      Sid      = "SendMessages"
      Effect   = "Allow"
      Action   = ["sqs:SendMessage"]
      Resource = ["arn:aws:sqs:eu-west-1:123456789012:sluice-messages"]
    }]
    error_message = "the task may do more or less than it must"
  }
  assert {
    condition = alltrue([for role in [aws_iam_role.task[0], aws_iam_role.task_execution[0]] :
      jsondecode(role.assume_role_policy).Statement[0].Principal == { Service = "ecs-tasks.amazonaws.com" }
      && jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    ])
    error_message = "someone else can take the roles"
  }
}

run "the_task_puts_rows_that_fit_no_message_where_the_function_does" {
  variables {
    oversize       = "offload"
    offload_bucket = "rows"
    offload_prefix = "large/"
  }
  assert {
    condition = length(setsubtract(["--oversize=offload", "--offload-bucket=rows", "--offload-prefix=large/"],
    jsondecode(aws_ecs_task_definition.task[0].container_definitions)[0].entryPoint)) == 0
    error_message = "the options"
  }
  assert {
    condition = [for policy in [aws_iam_role_policy.task[0].policy, aws_iam_role_policy.function.policy] :
      [for statement in jsondecode(policy).Statement : statement.Resource if statement.Sid == "OffloadRows"]] == [
      for role in ["task", "function"] : [["arn:aws:s3:::rows/large/*"]]
    ]
    error_message = "the right to write there"
  }
}

run "an_image_from_elsewhere_needs_no_right" {
  variables {
    task_image = "registry.example/sluice@sha256:00"
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.task_execution[0].policy).Statement : statement.Sid] == ["WriteLog"]
    error_message = "the execution role"
  }
}

run "an_image_needs_a_network" {
  command = plan

  variables {
    task_subnets = []
  }

  expect_failures = [aws_ecs_task_definition.task]
}

run "values_of_the_task_are_checked" {
  command = plan

  variables {
    task_image = ""
    task_bytes = -1
    task_cpu   = 1000
  }

  expect_failures = [var.task_image, var.task_bytes, var.task_cpu]
}

run "memory_fits_the_cpu_as_fargate_demands" {
  command = plan

  variables {
    task_cpu    = 8192
    task_memory = 61440
  }
}

run "memory_between_the_steps_is_refused" {
  command = plan

  variables {
    task_cpu    = 8192
    task_memory = 17408
  }

  expect_failures = [aws_ecs_task_definition.task]
}

run "memory_of_another_cpu_is_refused" {
  command = plan

  variables {
    task_cpu    = 4096
    task_memory = 4096
  }

  expect_failures = [aws_ecs_task_definition.task]
}

run "a_task_does_not_put_records_aside" {
  command = plan

  variables {
    rejects = true
  }

  expect_failures = [aws_ecs_task_definition.task]
}

run "it_can_have_a_public_address" {
  variables {
    task_public_ip = true
  }
  assert {
    condition     = strcontains(aws_sfn_state_machine.convert.definition, "\"AssignPublicIp\":\"ENABLED\"")
    error_message = "without an address it can't reach AWS from a subnet without NAT"
  }
}
