variable "lambda_zip" {
  description = "Path of the function's zip: an executable `bootstrap` for provided.al2023. Either this or lambda_s3."
  type        = string
  default     = null

  validation {
    condition     = var.lambda_zip == null ? true : fileexists(var.lambda_zip)
    error_message = "lambda_zip: no such file; tools/package-lambda builds it and prints its path."
  }
}

variable "lambda_s3" {
  description = "The function's zip as a version of an object, whose SHA-256 has 64 hexadecimal digits. Beside it must be the zip's facts, KEY.json, which tools/package-lambda writes too."
  type = object({
    bucket  = string
    key     = string
    version = string
    sha256  = string
  })
  default = null

  validation {
    condition     = var.lambda_s3 == null || can(regex("^[0-9a-f]{64}$", var.lambda_s3.sha256))
    error_message = "lambda_s3: sha256 takes 64 hexadecimal digits in lower case, as sha256sum prints them."
  }
}

variable "architecture" {
  description = "Architecture that the zip was built for."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture: x86_64 or arm64."
  }
}

variable "memory_size" {
  description = "Memory of the function in MiB; with 1,769 it has one whole CPU."
  type        = number
  default     = 1769

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240
    error_message = "memory_size: 128 to 10240."
  }
}

variable "timeout" {
  description = "Timeout of an invocation in seconds. An invocation that timed out is retried twice."
  type        = number
  default     = 900

  validation {
    condition     = var.timeout >= 1 && var.timeout <= 900
    error_message = "timeout: 1 to 900."
  }
}

variable "reserved_concurrency" {
  description = "Concurrent invocations reserved for this function, and the most that it may have; -1 for neither. Lambda keeps 100 of the account's quota unreserved, and new accounts have a quota of 10, which allows no reservation. Planning reads the quota (servicequotas:GetServiceQuota)."
  type        = number
  default     = -1

  validation {
    condition     = var.reserved_concurrency >= -1 && var.reserved_concurrency != 0
    error_message = "reserved_concurrency: -1, or at least 1; with 0 the function would never run."
  }
}

variable "max_message_bytes" {
  description = "Largest size of a message in bytes, attributes included. More than 262144 needs version 6 of the AWS provider."
  type        = number
  default     = 262144

  validation {
    condition     = var.max_message_bytes >= 4096 && var.max_message_bytes <= 1048576
    error_message = "max_message_bytes: 4096 to 1048576."
  }
}

variable "message_format" {
  description = "Format of message bodies: `json` for one JSON array, `ndjson` for one row per line."
  type        = string
  default     = "json"

  validation {
    condition     = contains(["json", "ndjson"], var.message_format)
    error_message = "message_format: json or ndjson."
  }
}

variable "zstd_level" {
  description = "Level at which message bodies are compressed with zstd; null for uncompressed bodies."
  type        = number
  default     = null

  validation {
    condition     = var.zstd_level == null || try(var.zstd_level >= 1 && var.zstd_level <= 22, false)
    error_message = "zstd_level: null, or 1 to 22."
  }
}

variable "lenient" {
  description = "Whether CSV outside RFC 4180 is repaired; otherwise it is reported to the error queue."
  type        = bool
  default     = false
}

variable "metrics_level" {
  description = "Metrics that the function writes: `all`, by function and outcome; `alarms`, only those that alarms watch; `none`. CloudWatch bills each."
  type        = string
  default     = "all"

  validation {
    condition     = contains(["all", "alarms", "none"], var.metrics_level)
    error_message = "metrics_level: all, alarms or none."
  }
}

variable "log_level" {
  description = "Lowest severity that is logged."
  type        = string
  default     = "info"

  validation {
    condition     = contains(["trace", "debug", "info", "notice", "warning", "error", "critical"], var.log_level)
    error_message = "log_level: trace, debug, info, notice, warning, error or critical."
  }
}

variable "log_retention_days" {
  description = "Days for which logs are kept; one of the values that CloudWatch allows."
  type        = number
  default     = 90

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653], var.log_retention_days)
    error_message = "log_retention_days: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827 or 3653."
  }
}

variable "options" {
  description = "Further environment variables of the function, such as SLUICE_DELIMITER or SLUICE_RAGGED."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.options) : startswith(name, "SLUICE_")])
    error_message = "options: each name must start with SLUICE_."
  }
}
