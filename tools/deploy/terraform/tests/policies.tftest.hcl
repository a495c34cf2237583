# Tests permissions. The zip's content does not matter, so any file of the module can stand in for it.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  lambda_zip = "versions.tf"
}

run "with_the_settings_above" {
  # Nothing is public.
  assert {
    condition = (aws_s3_bucket_public_access_block.uploads[0].block_public_acls
      && aws_s3_bucket_public_access_block.uploads[0].block_public_policy
      && aws_s3_bucket_public_access_block.uploads[0].ignore_public_acls
    && aws_s3_bucket_public_access_block.uploads[0].restrict_public_buckets)
    error_message = "the bucket can be made public"
  }
  assert {
    condition     = aws_s3_bucket_ownership_controls.uploads[0].rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "ACLs are in force"
  }
  # A statement that allows something to everyone or to a service must name a source.
  assert {
    condition = alltrue([
      for statement in flatten([for policy in concat(
        [aws_s3_bucket_policy.uploads[0].policy, aws_sns_topic_policy.uploads[0].policy, aws_kms_key.topic[0].policy],
      values(local.queue_policies)) : jsondecode(policy).Statement]) :
      statement.Effect == "Deny" || can(statement.Principal.AWS) || can(statement.Condition.ArnEquals["aws:SourceArn"])
    ])
    error_message = "a policy lets someone in without a source"
  }
  assert {
    condition = alltrue([
      for statement in flatten([for policy in concat(
        [aws_s3_bucket_policy.uploads[0].policy, aws_sns_topic_policy.uploads[0].policy],
      values(local.queue_policies)) : jsondecode(policy).Statement]) :
      statement.Effect == "Deny" || !strcontains(jsonencode(statement.Principal), "*")
    ])
    error_message = "a policy lets everyone in"
  }

  # Only TLS.
  assert {
    condition = alltrue([
      for policy in concat([aws_s3_bucket_policy.uploads[0].policy], [for queue in concat(
      [aws_sqs_queue.messages[0], aws_sqs_queue.errors, aws_sqs_queue.audit], values(aws_sqs_queue.dead)) : queue.policy]) :
      anytrue([for statement in jsondecode(policy).Statement : statement.Effect == "Deny" && statement.Principal == "*"
      && jsonencode(statement.Condition) == "{\"Bool\":{\"aws:SecureTransport\":\"false\"}}"])
    ])
    error_message = "a bucket or queue can be reached without TLS"
  }
  assert {
    condition = alltrue([for queue in concat(
    [aws_sqs_queue.messages[0], aws_sqs_queue.errors, aws_sqs_queue.audit], values(aws_sqs_queue.dead)) : queue.sqs_managed_sse_enabled])
    error_message = "a queue is not encrypted"
  }

  # Only the bucket publishes.
  assert {
    condition = jsondecode(aws_sns_topic_policy.uploads[0].policy).Statement == [{
      Sid       = "BucketPublishes"
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:eu-west-1:123456789012:sluice-uploads"
      Condition = {
        ArnEquals    = { "aws:SourceArn" = "arn:aws:s3:::sluice-uploads-123456789012" }
        StringEquals = { "aws:SourceAccount" = "123456789012" }
      }
    }]
    error_message = "the topic takes more than this bucket's notifications"
  }
  assert {
    condition = (aws_lambda_permission.topic[0].principal == "sns.amazonaws.com"
    && aws_lambda_permission.topic[0].source_arn == aws_sns_topic.uploads[0].arn)
    error_message = "more than this topic invokes the function"
  }
  # S3 could not publish with AWS's own key for SNS.
  assert {
    condition = (aws_sns_topic.uploads[0].kms_master_key_id == aws_kms_key.topic[0].arn
      && [for statement in jsondecode(aws_kms_key.topic[0].policy).Statement : statement
    if try(statement.Principal.Service, "") == "s3.amazonaws.com"][0].Action == ["kms:Decrypt", "kms:GenerateDataKey"])
    error_message = "S3 can't use the topic's key"
  }

  # The topic sends to its own queues only.
  assert {
    condition = [for queue in [aws_sqs_queue.messages[0], aws_sqs_queue.dead["messages"], aws_sqs_queue.errors,
      aws_sqs_queue.dead["failed"], aws_sqs_queue.audit, aws_sqs_queue.dead["audit"], aws_sqs_queue.dead["undelivered"]] :
    length([for s in jsondecode(queue.policy).Statement : s if s.Effect == "Allow"])] == [0, 0, 0, 0, 1, 1, 1]
    error_message = "raw notifications can reach the messages, or not the audit queue"
  }
  assert {
    condition = jsondecode(aws_sqs_queue.audit.policy).Statement[1] == {
      Sid       = "TopicSends"
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:eu-west-1:123456789012:sluice-audit"
      Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:sns:eu-west-1:123456789012:sluice-uploads" } }
    }
    error_message = "the audit queue's policy"
  }
}

run "the_function_has_least_privilege" {
  variables {
    prefix = "in/"
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.function.policy).Statement == [{
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
      Sid    = "SendMessages"
      Effect = "Allow"
      Action = ["sqs:SendMessage"]
      Resource = [
        "arn:aws:sqs:eu-west-1:123456789012:sluice-messages",
        "arn:aws:sqs:eu-west-1:123456789012:sluice-errors",
        "arn:aws:sqs:eu-west-1:123456789012:sluice-failed",
      ]
      }, {
      Sid      = "KeepNotes"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = ["arn:aws:s3:::sluice-work-123456789012/*"]
      }, {
      Sid      = "MissNotes"
      Effect   = "Allow"
      Action   = ["s3:ListBucket"]
      Resource = ["arn:aws:s3:::sluice-work-123456789012"]
      }, {
      Sid      = "StartStateMachine"
      Effect   = "Allow"
      Action   = ["states:StartExecution"]
      Resource = ["arn:aws:states:eu-west-1:123456789012:stateMachine:sluice-convert"]
      }, {
      Sid      = "WriteLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/sluice:*"]
    }]
    error_message = "the function may do more or less than it must"
  }
  assert {
    condition     = jsondecode(aws_iam_role.function.assume_role_policy).Statement[0].Principal == { Service = "lambda.amazonaws.com" }
    error_message = "someone else can take the role"
  }
}

run "the_function_writes_rows_below_their_prefix_only" {
  variables {
    oversize       = "offload"
    offload_bucket = "rows"
    offload_prefix = "large/"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.function.policy).Statement : statement
      if strcontains(jsonencode(statement.Resource), "arn:aws:s3:::rows")] == [{
        Sid      = "OffloadRows"
        Effect   = "Allow"
        Action   = ["s3:PutObject"]
        Resource = ["arn:aws:s3:::rows/large/*"]
    }]
    error_message = "the function may do more or less than it must in the bucket for rows"
  }
}

run "others_are_let_in_by_name" {
  variables {
    uploader_arns       = ["arn:aws:iam::210987654321:role/partner"]
    subscriber_accounts = ["345678901234"]
  }
  assert {
    condition = jsondecode(aws_s3_bucket_policy.uploads[0].policy).Statement[1].Principal == {
      AWS = ["arn:aws:iam::210987654321:role/partner"]
    }
    error_message = "the partner can't upload"
  }
  assert {
    condition = (jsondecode(aws_sns_topic_policy.uploads[0].policy).Statement[1].Principal == {
      AWS = ["arn:aws:iam::345678901234:root"]
    } && jsondecode(aws_sns_topic_policy.uploads[0].policy).Statement[1].Action == "sns:Subscribe")
    error_message = "the other account can't subscribe"
  }
}
