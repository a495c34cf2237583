variable "oversize" {
  description = "A row that fits no message: `error` reports the file, `reject` leaves the row out and counts it, `offload` puts it into S3."
  type        = string
  default     = "error"

  validation {
    condition     = contains(["error", "reject", "offload"], var.oversize)
    error_message = "oversize: error, reject or offload."
  }
}

variable "offload_bucket" {
  description = "Bucket for rows that fit no message; there must be one with `offload`, and none without. Nothing in it is ever deleted here: that is for a lifecycle rule of its owner."
  type        = string
  default     = null

  validation {
    condition     = var.offload_bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.offload_bucket))
    error_message = "offload_bucket: 3 to 63 lower-case letters, digits, hyphens and dots."
  }
}

variable "offload_prefix" {
  description = "What keys in it begin with. The function may write nowhere else in that bucket."
  type        = string
  default     = "sluice/"

  validation {
    condition     = var.offload_prefix != "" && !can(regex("[*?$]", var.offload_prefix))
    error_message = "offload_prefix: must not be empty, nor hold *, ? or $, which mean something in policies."
  }
}
