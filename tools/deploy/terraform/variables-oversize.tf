variable "oversize" {
  description = "Handling of a row that fits no message: `error` reports the file, `reject` leaves the row out and counts it, `offload` puts it into S3."
  type        = string
  default     = "error"

  validation {
    condition     = contains(["error", "reject", "offload"], var.oversize)
    error_message = "oversize: error, reject or offload."
  }
}

variable "offload_bucket" {
  description = "Bucket for rows that fit no message; required with `offload`, and not allowed otherwise. The module deletes nothing in it: its owner needs a lifecycle rule."
  type        = string
  default     = null

  validation {
    condition     = var.offload_bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.offload_bucket))
    error_message = "offload_bucket: 3 to 63 lower-case letters, digits, hyphens and dots."
  }
}

variable "offload_prefix" {
  description = "Prefix of the keys in offload_bucket. The function may write to no other keys there."
  type        = string
  default     = "sluice/"

  validation {
    condition     = var.offload_prefix != "" && !can(regex("[*?$]", var.offload_prefix))
    error_message = "offload_prefix: must not be empty, nor contain *, ? or $, which are special in policies."
  }
}
