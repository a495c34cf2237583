# Converts large objects: one execution per object, with many invocations, which together send the messages of a single run.
resource "aws_sfn_state_machine" "convert" {
  # checkov:skip=CKV_AWS_284: the function writes its timings as metrics; X-Ray would need a permission on all resources (*)
  # checkov:skip=CKV_AWS_285: the history of executions holds all states, and the function logs its work in each
  name     = local.state_machine
  role_arn = aws_iam_role.state_machine.arn
  tags     = var.tags

  definition = templatefile("${path.module}/state-machine.asl.json.tftpl", {
    partition       = local.partition
    function_arn    = local.function_arn
    max_concurrency = var.max_concurrency
    retry           = jsonencode([local.wait, local.retry])
    # A portion is an express execution, which Step Functions ends after 300 s without reporting why. So all timeouts and the
    # longest pauses together must be less, and an attempt that timed out is not retried.
    portion = {
      seconds = 120
      retry = jsonencode([
        local.no_retry,
        merge(local.wait, { IntervalSeconds = 10, MaxAttempts = 9 }),
        merge(local.retry, { MaxAttempts = 4 }),
      ])
    }
    give_up = {
      seconds = 10
      retry = jsonencode([
        local.no_retry,
        merge(local.wait, { IntervalSeconds = 5, MaxAttempts = 4 }),
        merge(local.retry, { MaxAttempts = 3 }),
      ])
    }
    task = var.task_image == null ? null : {
      bytes = var.task_bytes
      # The schema itself is the one of the plan.
      schema_options = local.task_schema_options
      cluster        = aws_ecs_cluster.task[0].arn
      # The family stands for its newest revision. A redriven execution uses the state machine's old definition, and a change
      # of the task removes the old revision.
      definition = aws_ecs_task_definition.task[0].family
      network = jsonencode({
        Subnets        = var.task_subnets
        SecurityGroups = var.task_security_groups
        AssignPublicIp = var.task_public_ip ? "ENABLED" : "DISABLED"
      })
      # Two retries are enough if no task could be started or one failed: the command itself retries for long, each task starts
      # from the beginning, and the cause may be the file.
      retry = jsonencode([merge(local.retry, { IntervalSeconds = 60, MaxAttempts = 2, MaxDelaySeconds = 300 })])
    }
  })

  depends_on = [aws_iam_role_policy.state_machine, aws_iam_role_policy.state_machine_task]
}

locals {
  # The function's concurrency is used up, or another invocation has the object's lease. Either ends by itself; with a
  # compressed object that takes up to 15 minutes, as long as an invocation may last. This waits 25 minutes on average (with
  # full jitter a pause is half its interval), and 50 at most.
  wait = {
    ErrorEquals     = ["Lambda.TooManyRequestsException", "Sluice.Taken"]
    IntervalSeconds = 30
    BackoffRate     = 1
    MaxAttempts     = 100
    JitterStrategy  = "FULL"
  }
  no_retry = { ErrorEquals = ["States.Timeout"], MaxAttempts = 0 }
  # Transient errors: wait longer than an invocation itself does, with jitter, so that retries spread out.
  retry = {
    ErrorEquals     = ["States.ALL"]
    IntervalSeconds = 2
    BackoffRate     = 2
    MaxAttempts     = 6
    MaxDelaySeconds = 60
    JitterStrategy  = "FULL"
  }
}

resource "aws_iam_role" "state_machine" {
  name = "${local.global_name}-state-machine"
  tags = var.tags

  assume_role_policy   = local.assumed_by["states"]
  permissions_boundary = var.permissions_boundary
}

# Allows it to call the function, to read the lists of portions, and to start its own executions, as its maps do.
resource "aws_iam_role_policy" "state_machine" {
  name = "convert"
  role = aws_iam_role.state_machine.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "CallFunction"
      Effect   = "Allow"
      Action   = ["lambda:InvokeFunction"]
      Resource = [local.function_arn]
      }, {
      Sid      = "ReadPortions"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = ["${local.work_bucket_arn}/*"]
      }, {
      Sid      = "RunMaps"
      Effect   = "Allow"
      Action   = ["states:StartExecution"]
      Resource = [local.state_machine_arn]
      }, {
      Sid      = "FollowMaps"
      Effect   = "Allow"
      Action   = ["states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"]
      Resource = ["arn:${local.partition}:states:${local.region}:${local.account}:execution:${local.state_machine}/*"]
    }]
  })
}
