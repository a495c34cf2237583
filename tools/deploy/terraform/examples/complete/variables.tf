variable "region" {
  description = "Region of everything."
  type        = string
  default     = "us-east-1"
}

variable "endpoint" {
  description = "URL of an emulator of AWS; null for AWS itself."
  type        = string
  default     = null
}

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "sluice"
}

variable "lambda_zip" {
  description = "Path of the function's zip."
  type        = string
}

variable "architecture" {
  description = "What the zip was built for: x86_64 or arm64."
  type        = string
  default     = "x86_64"
}

variable "memory_size" {
  description = "Memory of the function in MiB."
  type        = number
  default     = 1769
}

variable "reserved_concurrency" {
  description = "Invocations at the same time; -1 for no reservation."
  type        = number
  default     = 10
}

variable "max_message_bytes" {
  description = "Most bytes of a message."
  type        = number
  default     = 262144
}

variable "message_format" {
  description = "Body of a message: json or ndjson."
  type        = string
  default     = "json"
}

variable "zstd_level" {
  description = "Level of zstd; null for plain bodies."
  type        = number
  default     = null
}

variable "lenient" {
  description = "Whether CSV outside RFC 4180 is repaired."
  type        = bool
  default     = false
}

variable "oversize" {
  description = "A row that fits no message: error, reject or offload."
  type        = string
  default     = "error"
}

variable "offload_bucket" {
  description = "Bucket for such rows, with offload."
  type        = string
  default     = null
}

variable "fifo" {
  description = "Whether the message queue is FIFO."
  type        = bool
  default     = false
}

variable "route_bytes" {
  description = "Objects with more bytes go to the state machine."
  type        = number
  default     = 1073741824
}

variable "portion_segments" {
  description = "Segments of 16 MiB that an invocation of the state machine takes, 1 to 64."
  type        = number
  default     = 16
}

variable "log_level" {
  description = "Least severe level that is logged."
  type        = string
  default     = "info"
}

variable "alarm_actions" {
  description = "ARNs that are told of alarms."
  type        = list(string)
  default     = []
}
