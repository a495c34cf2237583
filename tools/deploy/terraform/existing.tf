# What the module makes, and what it finds. A bucket has a single configuration of notifications, and S3 can only replace it as
# a whole. So the module writes it for its own bucket only, and refuses an existing bucket whose uploads nobody would report:
#
#     bucket     uploads are reported by         the module makes
#     new        its notification                bucket, notification, topic
#     new        existing_topic_arn              bucket, notification
#     new        eventbridge                     bucket, notification that switches EventBridge on, rule
#     existing   existing_topic_arn              nothing: bucket and topic are connected already
#     existing   eventbridge                     rule
#     existing   neither                         refused
locals {
  bucket_count = var.existing_bucket == null ? 1 : 0
  topic_count  = var.eventbridge || var.existing_topic_arn != null ? 0 : 1
  queue_count  = var.existing_queue_arn == null ? 1 : 0

  # Unlike local.topic_arn, this waits for a topic that the module makes. There is none with EventBridge.
  notified_topic_arn = var.eventbridge ? null : coalesce(var.existing_topic_arn, one(aws_sns_topic.uploads[*].arn))

  # Account and name of the queue for messages, and its URL where the module does not make it.
  message_queue      = split(":", local.queue_arns.messages)
  existing_queue_url = "https://sqs.${local.region}.${local.dns_suffix}/${local.message_queue[4]}/${local.message_queue[5]}"
  queue_url          = coalesce(one(aws_sqs_queue.messages[*].url), local.existing_queue_url)

  log_group     = coalesce(var.existing_log_group, "/aws/lambda/${var.name}")
  log_group_arn = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${local.log_group}"

  # For the function and the task: to read uploads and send messages that are encrypted with the key, by S3 and SQS only.
  key_statements = [for arn in var.kms_key_arn[*] : {
    Sid       = "UseKey"
    Effect    = "Allow"
    Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
    Resource  = [arn]
    Condition = { StringEquals = { "kms:ViaService" = [for service in ["s3", "sqs"] : "${service}.${local.region}.${local.dns_suffix}"] } }
  }]

  # Lambda connects a function to the VPC with the function's own role. These actions know no narrower resource, or none that
  # exists before the function does; the function's code can't use them, since Lambda does not say then that it is this function.
  vpc_actions = [
    "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
  ]
  vpc_statements = [for statement in [{
    Sid      = "ConnectToVPC"
    Effect   = "Allow"
    Action   = local.vpc_actions
    Resource = ["*"]
    }, {
    Sid       = "ButNotFromCode"
    Effect    = "Deny"
    Action    = local.vpc_actions
    Resource  = ["*"]
    Condition = { ArnEquals = { "lambda:SourceFunctionArn" = concat([local.function_arn], [for _ in var.consumer[*] : "${local.function_arn}-consumer"]) } }
  }] : statement if var.vpc != null]
}
