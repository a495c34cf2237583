# Large objects: one execution an object, many invocations, the messages of one run.
resource "aws_sfn_state_machine" "convert" {
  # checkov:skip=CKV_AWS_284: the function tells its timings as metrics; X-Ray would need a permission on everything (*)
  # checkov:skip=CKV_AWS_285: the history of executions holds all states; the function logs what it does in each
  name     = local.state_machine
  role_arn = aws_iam_role.state_machine.arn
  tags     = var.tags

  definition = templatefile("${path.module}/state-machine.asl.json.tftpl", {
    partition       = local.partition
    function_arn    = local.function_arn
    max_concurrency = var.max_concurrency
    retry           = jsonencode([local.wait, local.retry])
    # A portion is an express execution, which is ended after 300 s, and nobody would hear why. So all its times together, with
    # the longest pauses, are less, and what took too long is not tried again.
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
      bytes   = var.task_bytes
      cluster = aws_ecs_cluster.task[0].arn
      # The family, which is its newest revision: a redriven execution has the old definition of the state machine, and a
      # change of the task takes the old revision away.
      definition = aws_ecs_task_definition.task[0].family
      network = jsonencode({
        Subnets        = var.task_subnets
        SecurityGroups = var.task_security_groups
        AssignPublicIp = var.task_public_ip ? "ENABLED" : "DISABLED"
      })
      # A task tries for long itself, and each one starts from the beginning: few are enough, be it that none could be started
      # or that one failed, which may be the file's fault.
      retry = jsonencode([merge(local.retry, { IntervalSeconds = 60, MaxAttempts = 2, MaxDelaySeconds = 300 })])
    }
  })

  depends_on = [aws_iam_role_policy.state_machine, aws_iam_role_policy.state_machine_task]
}

locals {
  # All invocations that the function may have are in use, or another one has the right to the object: it ends by itself. For
  # a compressed object that takes as long as an invocation may last, 15 minutes; this waits for 25, at most for 50.
  wait = {
    ErrorEquals     = ["Lambda.TooManyRequestsException", "Sluice.Taken"]
    IntervalSeconds = 30
    BackoffRate     = 1
    MaxAttempts     = 100
    JitterStrategy  = "FULL"
  }
  no_retry = { ErrorEquals = ["States.Timeout"], MaxAttempts = 0 }
  # Trouble that passes, with more patience than an invocation's own, and not all at once.
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
  name = "${var.name}-state-machine"
  tags = var.tags

  assume_role_policy = local.assumed_by["states"]
}

# Calls the function, reads the lists of portions, and starts executions of itself, which are those of its maps.
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
