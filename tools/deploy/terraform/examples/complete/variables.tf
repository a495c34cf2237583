variable "region" {
  description = "Region of all resources."
  type        = string
  default     = "us-east-1"
}

variable "endpoint" {
  description = "URL of an emulator of AWS; null for AWS itself."
  type        = string
  default     = null
}

variable "name" {
  description = "Prefix of all names."
  type        = string
  default     = "sluice"
}

variable "prefix" {
  description = "Only objects whose key starts with this are converted."
  type        = string
  default     = ""
}

variable "buffer" {
  description = "Whether a queue holds uploads until the function can take them."
  type        = bool
  default     = false
}

variable "buffer_concurrency" {
  description = "Concurrent invocations for uploads in the buffer."
  type        = number
  default     = 5
}

variable "buffer_batch_size" {
  description = "Uploads that an invocation takes from the buffer, 1 to 10."
  type        = number
  default     = 1
}

variable "lambda_zip" {
  description = "Path of the function's zip."
  type        = string
}

variable "architecture" {
  description = "Architecture that the zip was built for: x86_64 or arm64."
  type        = string
  default     = "x86_64"
}

variable "memory_size" {
  description = "Memory of the function in MiB."
  type        = number
  default     = 1769
}

variable "reserved_concurrency" {
  description = "Reserved concurrency of the function; -1 for no reservation."
  type        = number
  default     = -1
}

variable "max_message_bytes" {
  description = "Largest size of a message, in bytes."
  type        = number
  default     = 262144
}

variable "message_format" {
  description = "Format of message bodies: json or ndjson."
  type        = string
  default     = "json"
}

variable "zstd_level" {
  description = "Level of zstd for message bodies; null for uncompressed bodies."
  type        = number
  default     = null
}

variable "lenient" {
  description = "Whether CSV outside RFC 4180 is repaired."
  type        = bool
  default     = false
}

variable "oversize" {
  description = "Handling of rows that fit no message: error, reject or offload."
  type        = string
  default     = "error"
}

variable "offload_bucket" {
  description = "Bucket for rows that fit no message, required with offload."
  type        = string
  default     = null
}

variable "fifo" {
  description = "Whether the message queue is FIFO."
  type        = bool
  default     = false
}

variable "schemas" {
  description = "Schemas of uploads by prefix of their keys, as JSON."
  type        = map(string)
  default     = {}
}

variable "route_bytes" {
  description = "Objects of more bytes are converted by the state machine."
  type        = number
  default     = 1073741824
}

variable "portion_segments" {
  description = "Segments of 16 MiB in a portion, 1 to 64."
  type        = number
  default     = 16
}

variable "log_level" {
  description = "Lowest severity that is logged."
  type        = string
  default     = "info"
}

variable "alarm_actions" {
  description = "ARNs that alarms notify."
  type        = list(string)
  default     = []
}
