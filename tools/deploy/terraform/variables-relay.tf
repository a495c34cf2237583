variable "work_bucket_name" {
  description = "Name of the bucket for the function's notes; null for NAME-work-ACCOUNT."
  type        = string
  default     = null

  validation {
    condition     = var.work_bucket_name == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.work_bucket_name))
    error_message = "work_bucket_name: 3 to 63 lower-case letters, digits, hyphens and dots."
  }
}

variable "route_bytes" {
  description = "Objects of more bytes are converted by the state machine, with many invocations at a time."
  type        = number
  default     = 1073741824

  validation {
    condition     = var.route_bytes >= 0 && floor(var.route_bytes) == var.route_bytes
    error_message = "route_bytes: a whole number."
  }
}

variable "portion_segments" {
  description = "Segments of 16 MiB in a portion. An invocation must convert a portion within 120 s, since Step Functions ends its execution after 5 minutes, retries included. A segment takes 0.25 to 1.2 s with a memory_size of 1769, and longer with less memory."
  type        = number
  default     = 16

  validation {
    condition     = var.portion_segments >= 1 && var.portion_segments <= 64 && floor(var.portion_segments) == var.portion_segments
    error_message = "portion_segments: 1 to 64."
  }
}

variable "max_concurrency" {
  description = "Concurrent invocations of the state machine for one object. Must be less than reserved_concurrency if other uploads come at the same time: a portion waits 45 s on average, and 90 s at most, for a free invocation; then the execution fails."
  type        = number
  default     = 8

  validation {
    condition     = var.max_concurrency >= 1 && var.max_concurrency <= 10000
    error_message = "max_concurrency: 1 to 10000."
  }
}
