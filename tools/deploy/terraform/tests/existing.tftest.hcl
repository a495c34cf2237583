# Tests what the module does with what a company has already, and that it refuses what it could not do without harm.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  lambda_zip = "versions.tf"
}

run "an_existing_bucket_is_read_and_never_configured" {
  variables {
    existing_bucket = "acme-inbox"
    eventbridge     = true
    prefix          = "in/"
    suffixes        = [".csv", ".tsv"]
  }
  assert {
    condition = length(concat(aws_s3_bucket.uploads, aws_s3_bucket_notification.uploads, aws_s3_bucket_policy.uploads,
      aws_s3_bucket_public_access_block.uploads, aws_s3_bucket_ownership_controls.uploads, aws_s3_bucket_versioning.uploads,
    aws_s3_bucket_lifecycle_configuration.uploads, aws_s3_bucket_server_side_encryption_configuration.uploads)) == 0
    error_message = "the module changes a bucket that is not its own"
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.function.policy).Statement[0].Resource == ["arn:aws:s3:::acme-inbox/in/*"]
    error_message = "the function can't read the bucket, or more than it must"
  }
  assert {
    condition     = output.bucket == "acme-inbox" && output.topic_arn == null
    error_message = "the outputs"
  }

  # EventBridge reports uploads: to the function and the audit queue, each with a queue for what can't be delivered.
  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.uploads[0].event_pattern) == {
      source      = ["aws.s3"]
      detail-type = ["Object Created"]
      detail = {
        bucket = { name = ["acme-inbox"] }
        object = { key = [{ wildcard = "in/*.csv" }, { wildcard = "in/*.tsv" }] }
      }
    }
    error_message = "the rule's pattern"
  }
  assert {
    condition = { for name, target in aws_cloudwatch_event_target.uploads : name => [target.arn, target.dead_letter_config[0].arn] } == {
      function = [aws_lambda_function.sluice.arn, aws_sqs_queue.dead["undelivered"].arn]
      audit    = [aws_sqs_queue.audit.arn, aws_sqs_queue.dead["audit"].arn]
    }
    error_message = "the rule's targets"
  }
  assert {
    condition = (aws_lambda_permission.uploads[0].principal == "events.amazonaws.com"
    && aws_lambda_permission.uploads[0].source_arn == aws_cloudwatch_event_rule.uploads[0].arn)
    error_message = "the rule may not invoke the function, or others may"
  }
  assert {
    condition = [for key in ["audit", "audit_dead", "undelivered"] :
      [for statement in jsondecode(local.queue_policies[key]).Statement : [statement.Principal, statement.Condition.ArnEquals]
        if statement.Effect == "Allow"]] == [for key in ["audit", "audit_dead", "undelivered"] : [[{ Service = "events.amazonaws.com" },
    { "aws:SourceArn" = "arn:aws:events:eu-west-1:123456789012:rule/sluice-uploads" }]]]
    error_message = "the rule can't send to its queues, or others can"
  }
  assert {
    condition = length(concat(aws_sns_topic.uploads, aws_kms_key.topic, aws_sns_topic_subscription.function,
    aws_sns_topic_subscription.audit, aws_lambda_permission.topic)) == 0
    error_message = "a topic that nothing publishes to"
  }
}

run "keys_with_characters_that_are_special_in_patterns_are_matched" {
  variables {
    eventbridge = true
    prefix      = "dt=2024 é+&(b\\c/"
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.uploads[0].event_pattern).detail.object.key[0].wildcard == "dt=2024 é+&(b\\\\c/*.csv"
    error_message = "the pattern"
  }
  # The module's own bucket has EventBridge switched on, and notifies nothing else.
  assert {
    condition = (aws_s3_bucket_notification.uploads[0].eventbridge == true
    && length(aws_s3_bucket_notification.uploads[0].topic) == 0)
    error_message = "the bucket's notification"
  }
}

run "a_bucket_whose_notifications_would_be_replaced_is_refused" {
  command = plan

  variables {
    existing_bucket = "acme-inbox"
  }

  expect_failures = [output.bucket]
}

run "a_new_bucket_can_notify_an_existing_topic" {
  variables {
    existing_topic_arn = "arn:aws:sns:eu-west-1:210987654321:uploads"
  }
  assert {
    condition = [for arn in concat(aws_s3_bucket_notification.uploads[0].topic[*].topic_arn,
      [aws_sns_topic_subscription.function[0].topic_arn, aws_sns_topic_subscription.audit[0].topic_arn],
    [aws_lambda_permission.topic[0].source_arn]) : arn if arn != "arn:aws:sns:eu-west-1:210987654321:uploads"] == []
    error_message = "something waits for another topic"
  }
  assert {
    condition     = jsondecode(aws_sqs_queue.audit.policy).Statement[1].Condition.ArnEquals["aws:SourceArn"] == var.existing_topic_arn
    error_message = "the topic can't send to the audit queue"
  }
  assert {
    condition     = length(concat(aws_sns_topic.uploads, aws_sns_topic_policy.uploads, aws_kms_key.topic, aws_kms_alias.topic)) == 0
    error_message = "the module changes a topic that is not its own"
  }
}

run "an_existing_bucket_may_notify_an_existing_topic_already" {
  variables {
    existing_bucket    = "acme-inbox"
    existing_topic_arn = "arn:aws:sns:eu-west-1:123456789012:uploads"
  }
  assert {
    condition = (length(concat(aws_s3_bucket_notification.uploads, aws_cloudwatch_event_rule.uploads)) == 0
    && aws_sns_topic_subscription.function[0].topic_arn == "arn:aws:sns:eu-west-1:123456789012:uploads")
    error_message = "the function does not hear of uploads"
  }
}

run "eventbridge_can_fill_a_buffer" {
  override_resource {
    target = aws_sqs_queue.events
    values = { arn = "arn:aws:sqs:eu-west-1:123456789012:sluice-events" }
  }
  variables {
    eventbridge = true
    buffer      = true
  }
  assert {
    condition = (aws_cloudwatch_event_target.uploads["function"].arn == aws_sqs_queue.events[0].arn
      && jsondecode(aws_sqs_queue.events[0].policy).Statement[1].Principal == { Service = "events.amazonaws.com" }
    && length(aws_lambda_permission.uploads) == 0)
    error_message = "the rule does not fill the buffer, or invokes the function too"
  }
}

run "one_source_of_notifications_is_chosen" {
  command = plan

  variables {
    eventbridge        = true
    existing_topic_arn = "arn:aws:sns:eu-west-1:123456789012:uploads"
  }

  expect_failures = [output.bucket]
}

run "what_the_module_can_not_say_about_a_bucket_is_refused" {
  command = plan

  variables {
    existing_bucket = "acme-inbox"
    eventbridge     = true
    uploader_arns   = ["arn:aws:iam::210987654321:role/partner"]
  }

  expect_failures = [output.bucket]
}

run "subscribers_need_a_topic" {
  command = plan

  variables {
    eventbridge         = true
    subscriber_accounts = ["345678901234"]
  }

  expect_failures = [output.bucket]
}

run "an_existing_queue_gets_the_messages" {
  variables {
    existing_queue_arn = "arn:aws:sqs:eu-west-1:123456789012:orders"
  }
  assert {
    condition = (aws_lambda_function.sluice.environment[0].variables["SLUICE_QUEUE_URL"] == "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"
    && contains(flatten([for statement in jsondecode(aws_iam_role_policy.function.policy).Statement : statement.Resource if statement.Sid == "SendMessages"]), "arn:aws:sqs:eu-west-1:123456789012:orders"))
    error_message = "the function can't send to the queue"
  }
  assert {
    condition     = length(aws_sqs_queue.messages) == 0 && toset(keys(aws_sqs_queue.dead)) == toset(["audit", "failed", "undelivered"])
    error_message = "a queue that nobody reads"
  }
  assert {
    condition = (aws_cloudwatch_metric_alarm.this["message-age"].dimensions == tomap({ QueueName = "orders" })
    && !contains(keys(aws_cloudwatch_metric_alarm.this), "messages-dead"))
    error_message = "the alarms of the queue"
  }
}

run "a_queue_of_another_account_has_no_metrics_here" {
  variables {
    existing_queue_arn = "arn:aws:sqs:eu-west-1:210987654321:orders"
  }
  assert {
    condition     = !contains(keys(aws_cloudwatch_metric_alarm.this), "message-age") && output.queue_url == "https://sqs.eu-west-1.amazonaws.com/210987654321/orders"
    error_message = "an alarm that can't be raised"
  }
}

run "what_the_module_can_not_say_about_a_queue_is_refused" {
  command = plan

  variables {
    existing_queue_arn = "arn:aws:sqs:eu-west-1:123456789012:orders"
    consumer_arns      = ["arn:aws:iam::210987654321:role/consumer"]
  }

  expect_failures = [output.queue_arn]
}

run "consumers_of_other_accounts_may_receive_and_not_send" {
  variables {
    consumer_arns = ["arn:aws:iam::210987654321:role/consumer"]
  }
  assert {
    condition = [for statement in jsondecode(aws_sqs_queue.messages[0].policy).Statement : statement if statement.Effect == "Allow"] == [{
      Sid       = "ConsumersReceive"
      Effect    = "Allow"
      Principal = { AWS = ["arn:aws:iam::210987654321:role/consumer"] }
      Action    = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage"]
      Resource  = "arn:aws:sqs:eu-west-1:123456789012:sluice-messages"
    }]
    error_message = "a consumer may do more or less than it must"
  }
  assert {
    condition     = !strcontains(join("", [for key, policy in local.queue_policies : policy if key != "messages"]), "210987654321")
    error_message = "a consumer gets at another queue"
  }
}

run "a_key_encrypts_uploads_and_messages" {
  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/44444444-2222-3333-4444-555555555555"
  }
  assert {
    condition = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.uploads[0].rule :
      rule.bucket_key_enabled && rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"
    && rule.apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn])
    error_message = "uploads"
  }
  assert {
    condition = alltrue([for queue in [aws_sqs_queue.messages[0], aws_sqs_queue.dead["messages"], aws_sqs_queue.errors,
    aws_sqs_queue.dead["failed"]] : queue.kms_master_key_id == var.kms_key_arn])
    error_message = "messages"
  }
  # SNS and EventBridge may not use the key unless its policy says so, which the module does not change.
  assert {
    condition = alltrue([for queue in [aws_sqs_queue.audit, aws_sqs_queue.dead["audit"], aws_sqs_queue.dead["undelivered"]] :
    queue.sqs_managed_sse_enabled && queue.kms_master_key_id == null])
    error_message = "a service can't send to its queue"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.function.policy).Statement : statement if statement.Sid == "UseKey"] == [{
      Sid       = "UseKey"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = ["arn:aws:kms:eu-west-1:123456789012:key/44444444-2222-3333-4444-555555555555"]
      Condition = { StringEquals = { "kms:ViaService" = ["s3.eu-west-1.amazonaws.com", "sqs.eu-west-1.amazonaws.com"] } }
    }]
    error_message = "the function can't use the key, or for more than it must"
  }
}

run "the_function_can_be_in_a_vpc_with_the_companys_boundary_log_group_and_statements" {
  variables {
    vpc                  = { subnet_ids = ["subnet-1", "subnet-2"], security_group_ids = ["sg-1"] }
    permissions_boundary = "arn:aws:iam::123456789012:policy/boundary"
    existing_log_group   = "/company/data"
    policy_statements = [
      { Sid = "More", Effect = "Allow", Action = ["s3:GetObjectTagging"], Resource = ["*"] },
      { Sid = "Less", Effect = "Deny", Action = "s3:*", Resource = "*", Condition = { Bool = { "aws:ViaAWSService" = "true" } } },
    ]
    task_image           = "registry.example/sluice"
    task_subnets         = ["subnet-1"]
    task_security_groups = ["sg-1"]
  }
  assert {
    condition = (aws_lambda_function.sluice.vpc_config[0].subnet_ids == toset(["subnet-1", "subnet-2"])
    && aws_lambda_function.sluice.vpc_config[0].security_group_ids == toset(["sg-1"]))
    error_message = "the function's network"
  }
  # AWS's guide to functions in a VPC: without the last statement, the function's code could make network interfaces.
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.function.policy).Statement : [statement.Sid, statement.Effect,
      try(statement.Condition.ArnEquals, null)] if strcontains(jsonencode(statement.Action), "ec2:")] == [
      ["ConnectToVPC", "Allow", null],
      ["ButNotFromCode", "Deny", { "lambda:SourceFunctionArn" = ["arn:aws:lambda:eu-west-1:123456789012:function:sluice"] }],
    ]
    error_message = "permissions for the network"
  }
  assert {
    condition = toset([for role in concat([aws_iam_role.function, aws_iam_role.state_machine], aws_iam_role.task,
    aws_iam_role.task_execution) : role.permissions_boundary]) == toset(["arn:aws:iam::123456789012:policy/boundary"])
    error_message = "a role without the boundary"
  }
  assert {
    condition = [for policy in [aws_iam_role_policy.function.policy, aws_iam_role_policy.task[0].policy] :
    [for statement in jsondecode(policy).Statement : statement.Effect if contains(["More", "Less"], statement.Sid)]] == [["Allow", "Deny"], ["Allow", "Deny"]]
    error_message = "the further statements"
  }
  assert {
    condition = (aws_lambda_function.sluice.logging_config[0].log_group == "/company/data" && output.log_group == "/company/data"
      && length(concat(aws_cloudwatch_log_group.function, aws_cloudwatch_log_group.task)) == 0
      && jsondecode(aws_ecs_task_definition.task[0].container_definitions)[0].logConfiguration.options.awslogs-group == "/company/data"
      && length([for policy in [aws_iam_role_policy.function.policy, aws_iam_role_policy.task_execution[0].policy] : policy
    if strcontains(policy, "arn:aws:logs:eu-west-1:123456789012:log-group:/company/data:*")]) == 2)
    error_message = "the log group"
  }
}

run "without_these_variables_nothing_of_them_is_there" {
  assert {
    condition     = length(aws_lambda_function.sluice.vpc_config) == 0 && aws_iam_role.function.permissions_boundary == null
    error_message = "a network or a boundary"
  }
  assert {
    condition     = alltrue([for prefix in ["ec2:", "kms:"] : !strcontains(aws_iam_role_policy.function.policy, prefix)])
    error_message = "more rights than were asked for"
  }
  assert {
    condition = alltrue([length(aws_cloudwatch_event_rule.uploads) == 0, length(aws_lambda_permission.uploads) == 0,
    length(aws_cloudwatch_event_target.uploads) == 0])
    error_message = "EventBridge"
  }
}

run "the_function_agrees_to_pay_for_a_bucket_of_another_account" {
  variables {
    existing_bucket = "partner-outbox"
    eventbridge     = true
    requester_pays  = true
  }
  assert {
    condition     = aws_lambda_function.sluice.environment[0].variables["SLUICE_REQUESTER_PAYS"] == "true"
    error_message = "SLUICE_REQUESTER_PAYS"
  }
}

run "nobody_else_pays_for_a_new_bucket" {
  command = plan

  variables {
    requester_pays = true
  }

  expect_failures = [output.bucket]
}

run "each_value_is_checked" {
  command = plan

  variables {
    existing_bucket      = "arn:aws:s3:::acme-inbox"
    existing_topic_arn   = "arn:aws:sns:eu-west-1:123456789012:uploads.fifo"
    existing_queue_arn   = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"
    existing_log_group   = "arn:aws:logs:eu-west-1:123456789012:log-group:data"
    kms_key_arn          = "alias/key"
    vpc                  = { subnet_ids = [], security_group_ids = ["sg-1"] }
    permissions_boundary = "boundary"
    policy_statements    = [{ Effect = "Allow" }]
    consumer_arns        = ["*"]
  }

  expect_failures = [
    var.existing_bucket, var.existing_topic_arn, var.existing_queue_arn, var.existing_log_group, var.kms_key_arn, var.vpc,
    var.permissions_boundary, var.policy_statements, var.consumer_arns,
  ]
}

run "a_queue_of_another_region_is_refused" {
  command = plan
  variables {
    existing_queue_arn = "arn:aws:sqs:us-west-2:123456789012:orders"
  }
  expect_failures = [aws_lambda_function.sluice]
}

run "a_key_of_another_region_is_refused" {
  command = plan
  variables {
    kms_key_arn = "arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555"
  }
  expect_failures = [aws_lambda_function.sluice]
}
