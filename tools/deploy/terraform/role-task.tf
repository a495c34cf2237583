# Permissions of the task, of ECS to start it, and of the state machine to run it.
locals {
  # Only tasks of this account can assume the roles.
  assumed_by_tasks = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:ecs:${local.region}:${local.account}:*" }
        StringEquals = { "aws:SourceAccount" = local.account }
      }
    }]
  })

  # Account, region and name of the image's repository if it is in ECR, otherwise null.
  ecr = try(regex("^([0-9]{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com[a-z.]*/([^:@]+)", var.task_image), null)
}

resource "aws_iam_role" "task" {
  count                = local.task_count
  name                 = "${local.global_name}-task"
  assume_role_policy   = local.assumed_by_tasks
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "task" {
  count = local.task_count
  name  = "convert"
  role  = aws_iam_role.task[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.read_uploads, [{
      Sid      = "SendMessages"
      Effect   = "Allow"
      Action   = ["sqs:SendMessage"]
      Resource = [local.queue_arns.messages]
    }], local.schema_statements, local.offload_statements, local.key_statements, var.policy_statements)
  })
}

resource "aws_iam_role" "task_execution" {
  count                = local.task_count
  name                 = "${local.global_name}-task-execution"
  assume_role_policy   = local.assumed_by_tasks
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "task_execution" {
  count = local.task_count
  name  = "start"
  role  = aws_iam_role.task_execution[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([{
      Sid      = "WriteLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${local.task_log_group_arn}:*"]
      }], local.ecr == null ? [] : [{
      # ECR has no narrower resource for this action.
      Sid      = "LogInToECR"
      Effect   = "Allow"
      Action   = ["ecr:GetAuthorizationToken"]
      Resource = ["*"]
      }, {
      Sid      = "PullImage"
      Effect   = "Allow"
      Action   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      Resource = ["arn:${local.partition}:ecr:${local.ecr[1]}:${local.ecr[0]}:repository/${local.ecr[2]}"]
    }])
  })
}

# Allows this task in this cluster only. Step Functions learns of the task's end through that EventBridge rule.
resource "aws_iam_role_policy" "state_machine_task" {
  count = local.task_count
  name  = "run-task"
  role  = aws_iam_role.state_machine.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RunTask"
      Effect    = "Allow"
      Action    = ["ecs:RunTask"]
      Resource  = ["arn:${local.partition}:ecs:${local.region}:${local.account}:task-definition/${local.task}:*"]
      Condition = { ArnEquals = { "ecs:cluster" = aws_ecs_cluster.task[0].arn } }
      }, {
      Sid      = "FollowTask"
      Effect   = "Allow"
      Action   = ["ecs:DescribeTasks", "ecs:StopTask"]
      Resource = ["arn:${local.partition}:ecs:${local.region}:${local.account}:task/${local.task}/*"]
      }, {
      Sid      = "HearOfTask"
      Effect   = "Allow"
      Action   = ["events:DescribeRule", "events:PutRule", "events:PutTargets"]
      Resource = ["arn:${local.partition}:events:${local.region}:${local.account}:rule/StepFunctionsGetEventsForECSTaskRule"]
      }, {
      Sid       = "PassRoles"
      Effect    = "Allow"
      Action    = ["iam:PassRole"]
      Resource  = [aws_iam_role.task[0].arn, aws_iam_role.task_execution[0].arn]
      Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
    }]
  })
}
