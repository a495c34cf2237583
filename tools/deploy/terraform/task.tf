# The command in a container, for objects that must be read in order and take longer than an invocation. Only with task_image.
locals {
  task_count = var.task_image == null ? 0 : 1
  task       = "${var.name}-task"

  # The memory that Fargate takes with each task_cpu.
  task_memories = {
    256   = [512, 1024, 2048]
    512   = range(1024, 4097, 1024)
    1024  = range(2048, 8193, 1024)
    2048  = range(4096, 16385, 1024)
    4096  = range(8192, 30721, 1024)
    8192  = range(16384, 61441, 4096)
    16384 = range(32768, 122881, 8192)
  }

  task_log_group     = coalesce(var.existing_log_group, "/ecs/${local.task}")
  task_log_group_arn = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${local.task_log_group}"

  # The function's variables as options of the command. They must mean the same, since ids depend on them.
  task_words = [for name in [
    "SLUICE_MAX_BYTES", "SLUICE_MESSAGE_FORMAT", "SLUICE_OVERSIZE", "SLUICE_OFFLOAD_BUCKET", "SLUICE_OFFLOAD_PREFIX",
    "SLUICE_ENCODING", "SLUICE_DELIMITER", "SLUICE_QUOTE", "SLUICE_HEADER", "SLUICE_ESCAPE", "SLUICE_TRIM", "SLUICE_SEP_LINE",
    "SLUICE_BARE_CR", "SLUICE_QUOTE_IN_PLAIN", "SLUICE_AFTER_QUOTE", "SLUICE_UNTERMINATED", "SLUICE_RAGGED",
    "SLUICE_DUPLICATE_HEADERS", "SLUICE_INVALID_UTF8", "SLUICE_BLANK_LINES", "SLUICE_NUL_IN_NAME",
    "SLUICE_MAX_RECORD", "SLUICE_MAX_COLUMNS", "SLUICE_ESCAPE", "SLUICE_TRIM", "SLUICE_SEP_LINE", "SLUICE_SKIP_LINES",
    "SLUICE_HEADER_ROWS", "SLUICE_HEADER_JOIN", "SLUICE_SKIP_AFTER_HEADER", "SLUICE_TYPES", "SLUICE_EMPTY",
    "SLUICE_NULL_AS", "SLUICE_QUOTED_EMPTY", "SLUICE_SELECT", "SLUICE_DROP", "SLUICE_RENAME", "SLUICE_NEST",
    "SLUICE_LEADING_ZEROS", "SLUICE_BIG_INTEGERS",
    ] : "--${lower(replace(trimprefix(name, "SLUICE_"), "_", "-"))}=${local.function_variables[name]}"
  if lookup(local.function_variables, name, "") != ""]
  # Variables that take a CSV record, and the options of the command that take one value each:
  #
  #     SLUICE_NULL = ",NA,\"a,b\""     --null "" --null NA --null a,b
  task_lists = { for name in ["SLUICE_COMMENT", "SLUICE_NULL", "SLUICE_ADD_COLUMN"] : name => [
    for field in flatten(regexall(",(\"(?:[^\"]|\"\")*\"|[^,\"]*)", ",${lookup(local.function_variables, name, "")}")) :
    startswith(field, "\"") ? replace(substr(field, 1, length(field) - 2), "\"\"", "\"") : field
  ] if lookup(local.function_variables, name, "") != "" }
  task_list_words = flatten([for name, values in local.task_lists : [for value in values :
    # A value that starts with a dash would be taken for an option, and an empty one after = for none.
    [for option in ["--${lower(replace(trimprefix(name, "SLUICE_"), "_", "-"))}"] :
    startswith(value, "-") ? ["${option}=${value}"] : [option, value]]
  ]])
  task_flags = [for name, flag in {
    SLUICE_ASSUME_CSV = "--assume-csv", SLUICE_CHECK_MD5 = "--check-md5", SLUICE_LENIENT = "--lenient",
    SLUICE_NO_HEADER  = "--no-header", SLUICE_REQUESTER_PAYS = "--requester-pays"
    } : flag
  if contains(["true", "1"], lower(lookup(local.function_variables, name, "")))]
  task_zstd = [for level in [lower(lookup(local.function_variables, "SLUICE_ZSTD", ""))] :
  "--zstd=${level == "true" ? "3" : level}" if !contains(["", "false", "0"], level)]
  # Options that the command takes only with a schema, as arguments of States.Array.
  task_schema_options = join("", [for list in [replace(lookup(local.function_variables, "SLUICE_SKIP_CONSTRAINTS", ""), " ", "")] :
  "'--skip-constraints', '${list}', " if list != ""])
  # If rows are to be left out, leaving some out must not fail the execution. The task's log reports them.
  task_rejects = lookup(local.function_variables, "SLUICE_OVERSIZE", "") == "reject" ? ["--allow-rejected"] : []
}

resource "aws_ecs_cluster" "task" {
  # checkov:skip=CKV_AWS_65: the command logs its progress; Container Insights costs money and would add little
  count = local.task_count
  name  = local.task
  tags  = var.tags
}

# The state machine appends the object's URL to the command that is set here.
resource "aws_ecs_task_definition" "task" {
  count                    = local.task_count
  family                   = local.task
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.task_cpu
  memory                   = var.task_memory
  task_role_arn            = aws_iam_role.task[0].arn
  execution_role_arn       = aws_iam_role.task_execution[0].arn
  tags                     = var.tags

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = upper(var.architecture)
  }

  container_definitions = jsonencode([{
    name      = "sluice"
    image     = var.task_image
    essential = true
    entryPoint = concat(
      ["/sluice", "send", "--queue-url", local.queue_url],
      ["-j", tostring(max(1, var.task_cpu / 1024)), "--progress=log", "--summary=json"],
      local.task_words, local.task_list_words, local.task_flags, local.task_zstd, local.task_rejects
    )
    environment            = [{ name = "AWS_REGION", value = local.region }]
    readonlyRootFilesystem = true
    # Without an init process the command would be process 1, which a signal ends only if the process handles it.
    linuxParameters = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = local.task_log_group
        awslogs-region        = local.region
        awslogs-stream-prefix = "send"
      }
    }
  }])

  lifecycle {
    precondition {
      condition     = length(var.task_subnets) > 0 && length(var.task_security_groups) > 0
      error_message = "task_image needs task_subnets and task_security_groups."
    }
    precondition {
      condition     = contains(local.task_memories[var.task_cpu], var.task_memory)
      error_message = "task_memory: with task_cpu = ${var.task_cpu}, Fargate takes ${join(", ", local.task_memories[var.task_cpu])}."
    }
    precondition {
      condition     = !local.puts_aside
      error_message = "task_image and rejects exclude each other: a task would send what it puts aside to the consumer."
    }
  }
}

resource "aws_cloudwatch_log_group" "task" {
  # checkov:skip=CKV_AWS_158: log lines hold no data of files, and CloudWatch encrypts them with its own key
  # checkov:skip=CKV_AWS_338: the user sets how long logs are kept (log_retention_days)
  count             = var.existing_log_group == null ? local.task_count : 0
  name              = local.task_log_group
  retention_in_days = var.log_retention_days
  tags              = var.tags
}
