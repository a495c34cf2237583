locals {
  # What the module's own variables say. Null: they say nothing, and options may.
  own_variables = merge(local.schema_variables, local.buffer_variables, {
    SLUICE_QUEUE_URL         = local.queue_url
    SLUICE_ERROR_QUEUE_URL   = aws_sqs_queue.errors.url
    SLUICE_MAX_BYTES         = var.max_message_bytes
    SLUICE_MESSAGE_FORMAT    = var.message_format
    SLUICE_ZSTD              = var.zstd_level
    SLUICE_SUFFIXES          = join(",", var.suffixes)
    SLUICE_LENIENT           = var.lenient
    SLUICE_OVERSIZE          = var.oversize
    SLUICE_REJECTS           = var.rejects ? "report" : null
    SLUICE_MAX_REJECTS       = var.max_rejects
    SLUICE_OFFLOAD_BUCKET    = var.offload_bucket
    SLUICE_OFFLOAD_PREFIX    = var.offload_bucket == null ? null : var.offload_prefix
    SLUICE_REQUESTER_PAYS    = var.requester_pays ? true : null
    SLUICE_WORK_BUCKET       = local.work_bucket
    SLUICE_ROUTE_BYTES       = var.route_bytes
    SLUICE_PORTION_SEGMENTS  = var.portion_segments
    SLUICE_STATE_MACHINE_ARN = local.state_machine_arn
    SLUICE_ORDERED           = var.ordered ? true : null
    SLUICE_SKIP_STALE        = var.skip_stale ? true : null
    SLUICE_METRICS_LEVEL     = var.metrics_level == "all" ? null : var.metrics_level
    LOG_LEVEL                = var.log_level
  })
  function_variables = merge(var.options, { for name, value in local.own_variables : name => tostring(value) if value != null })

  # Options that would have no effect, or pass by the checks of the variables.
  misplaced_options = [for name in keys(var.options) : name
    if try(local.own_variables[name], null) != null || contains(["SLUICE_ORDERED", "SLUICE_SKIP_STALE", "SLUICE_METRICS_LEVEL"], name)
  ]

  # Whether bad records are put aside, which options may say too.
  puts_aside = var.rejects || lookup(var.options, "SLUICE_REJECTS", "") == "report"

  concurrency_quota = data.aws_servicequotas_service_quota.concurrency[*].value

  # What Lambda allows for all names and values together.
  variables_limit = 4096
  variables_size = local.schema_variables_size + sum([for name, value in local.function_variables :
  length(name) + (name == "SLUICE_SCHEMAS" ? 0 : length(value))])
}

resource "aws_lambda_function" "sluice" {
  # checkov:skip=CKV_AWS_50: the function writes its timings as metrics; X-Ray would need a permission on all resources (*)
  # checkov:skip=CKV_AWS_117: it calls only services of AWS; a VPC (vpc) adds the cost of endpoints
  # checkov:skip=CKV_AWS_173: the variables are URLs of queues and options, no secrets
  # checkov:skip=CKV_AWS_272: signing needs a signing profile in the account; source_code_hash pins the code
  function_name                  = var.name
  description                    = "Converts uploaded CSV to JSON messages"
  role                           = aws_iam_role.function.arn
  runtime                        = "provided.al2023"
  handler                        = "bootstrap"
  architectures                  = [var.architecture]
  filename                       = var.lambda_zip
  s3_bucket                      = one(var.lambda_s3[*].bucket)
  s3_key                         = one(var.lambda_s3[*].key)
  s3_object_version              = one(var.lambda_s3[*].version)
  source_code_hash               = local.code_hash
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  reserved_concurrent_executions = var.reserved_concurrency
  tags                           = var.tags

  environment {
    variables = local.function_variables
  }

  dynamic "vpc_config" {
    for_each = var.vpc[*]
    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  dynamic "logging_config" {
    for_each = var.existing_log_group[*]
    content {
      # The function writes JSON itself.
      log_format = "Text"
      log_group  = logging_config.value
    }
  }

  lifecycle {
    precondition {
      condition     = length(local.misplaced_options) == 0
      error_message = "options: use the module's own variables instead of ${join(", ", local.misplaced_options)}."
    }
    precondition {
      condition     = (var.lambda_zip == null) != (var.lambda_s3 == null)
      error_message = "Set either lambda_zip or lambda_s3."
    }
    precondition {
      condition     = try(local.facts.sha256, local.zip_sha256) == local.zip_sha256
      error_message = "The file with the zip's facts (.json beside it) is about another zip. Build both with tools/package-lambda, and keep them together."
    }
    precondition {
      condition     = try(local.facts.architecture, var.architecture) == var.architecture
      error_message = "The zip is for ${try(local.facts.architecture, "")}: set architecture = \"${try(local.facts.architecture, "")}\", or build the zip on the other processor."
    }
    # Lambda computes the hash of what it has read from S3.
    postcondition {
      condition     = var.lambda_s3 == null || self.code_sha256 == local.code_hash
      error_message = "lambda_s3: Lambda read another zip than the one with this sha256. Correct version or sha256, and apply again."
    }
    precondition {
      condition     = alltrue([for quota in local.concurrency_quota : var.reserved_concurrency <= quota - 100])
      error_message = "reserved_concurrency: this account's quota is ${join("", local.concurrency_quota)} concurrent invocations, of which Lambda keeps 100 unreserved; use -1, or ask for a higher quota (Service Quotas, Lambda, Concurrent executions)."
    }
    precondition {
      condition     = (var.offload_bucket != null) == (var.oversize == "offload")
      error_message = "oversize = \"offload\" and offload_bucket belong together."
    }
    precondition {
      condition     = var.offload_bucket != local.bucket
      error_message = "offload_bucket: must not be the bucket for uploads, where a row could be an upload again; use another bucket."
    }
    precondition {
      condition     = var.max_rejects == null || local.puts_aside
      error_message = "max_rejects needs rejects = true."
    }
    precondition {
      condition     = !local.puts_aside || var.metrics_level != "none"
      error_message = "metrics_level: at least \"alarms\" with rejects = true. Otherwise no alarm reports files that are not CSV."
    }
    precondition {
      condition     = alltrue([for arn in concat(var.existing_queue_arn[*], var.kms_key_arn[*]) : split(":", arn)[3] == local.region])
      error_message = "existing_queue_arn, kms_key_arn: both must be in this region, ${local.region}."
    }
    precondition {
      condition     = !var.ordered || var.buffer
      error_message = "ordered: set buffer = true. An upload that waits for another version of its key is then tried again; without a buffer it is given up after three minutes."
    }
    precondition {
      condition     = !var.ordered || var.task_image == null
      error_message = "ordered: leave task_image unset. A task converts a version without waiting for others of its key."
    }
    precondition {
      condition     = local.variables_size <= local.variables_limit
      error_message = "schemas: the variables of the function would take ${local.variables_size} bytes, and Lambda allows ${local.variables_limit}; use fewer or shorter prefixes."
    }
    precondition {
      condition     = length(var.schemas) == 0 || length(setintersection(["SLUICE_SCHEMA", "SLUICE_SCHEMAS"], keys(var.options))) == 0
      error_message = "schemas: options must not set SLUICE_SCHEMA or SLUICE_SCHEMAS too."
    }
  }

  # Receives the events with which the function failed three times.
  dead_letter_config {
    target_arn = aws_sqs_queue.dead["failed"].arn
  }

  # Without the log group Lambda would create one that keeps logs for ever; without the policy the first run would fail.
  # An object with a schema must not meet a state machine that does not pass the schema on to the task.
  depends_on = [aws_cloudwatch_log_group.function, aws_iam_role_policy.function, aws_sfn_state_machine.convert]
}

# The account's quota of concurrent invocations, if some of them are to be reserved.
data "aws_servicequotas_service_quota" "concurrency" {
  count        = var.reserved_concurrency > 0 ? 1 : 0
  service_code = "lambda"
  quota_code   = "L-B99A9384"
}

resource "aws_cloudwatch_log_group" "function" {
  # checkov:skip=CKV_AWS_158: log lines hold no data of files, and CloudWatch encrypts them with its own key
  # checkov:skip=CKV_AWS_338: the user sets how long logs are kept (log_retention_days)
  count             = var.existing_log_group == null ? 1 : 0
  name              = local.log_group
  retention_in_days = var.log_retention_days
  tags              = var.tags
}
