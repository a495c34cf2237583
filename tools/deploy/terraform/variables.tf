variable "name" {
  description = "Prefix of all names: lower-case letters, digits and hyphens."
  type        = string
  default     = "sluice"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,31}$", var.name))
    error_message = "name: 2 to 32 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "bucket_name" {
  description = "Name of the bucket for uploads; null for NAME-uploads-ACCOUNT."
  type        = string
  default     = null

  validation {
    condition     = var.bucket_name == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name: 3 to 63 lower-case letters, digits, hyphens and dots."
  }
}

variable "force_destroy" {
  description = "Whether destroying the bucket deletes the objects in it."
  type        = bool
  default     = false
}

variable "uploader_arns" {
  description = "ARNs of IAM principals of other accounts that may upload to the bucket. Principals of this account need only their own policy."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.uploader_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:", arn))])
    error_message = "uploader_arns: each must be the ARN of an IAM principal; everyone (*) is not one."
  }
}

variable "subscriber_accounts" {
  description = "Other accounts that may subscribe to the topic."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for account in var.subscriber_accounts : can(regex("^[0-9]{12}$", account))])
    error_message = "subscriber_accounts: each must have 12 digits."
  }
}

variable "prefix" {
  description = "Only objects whose key starts with this are converted."
  type        = string
  default     = ""
}

variable "suffixes" {
  description = "Only objects whose key ends with one of these are converted. S3 compares them case-sensitively. Compressed objects (`.csv.gz`, `.csv.zst`) are allowed too; each is read in order."
  type        = list(string)
  default     = [".csv"]

  validation {
    condition     = length(var.suffixes) > 0 && alltrue([for suffix in var.suffixes : can(regex("^[^,]+$", suffix))])
    error_message = "suffixes: at least one, none empty, none with a comma."
  }
  validation {
    condition = alltrue(flatten([for i, a in var.suffixes : [
      for j, b in var.suffixes : i == j || !endswith(a, b)
    ]]))
    error_message = "suffixes: none may end with another; S3 refuses filters that overlap."
  }
}

variable "tls_only" {
  description = "Whether buckets and queues refuse requests without TLS. Set it to false only for an emulator without TLS."
  type        = bool
  default     = true
}

variable "noncurrent_days" {
  description = "Days for which a replaced or deleted version of an object is kept."
  type        = number
  default     = 30

  validation {
    condition     = var.noncurrent_days >= 1 && floor(var.noncurrent_days) == var.noncurrent_days
    error_message = "noncurrent_days: a whole number of at least 1."
  }
}

variable "tags" {
  description = "Tags of all resources that can have tags."
  type        = map(string)
  default     = {}
}
