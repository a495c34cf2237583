variable "name" {
  description = "Prefix of all names: lower-case letters, digits and hyphens."
  type        = string
  default     = "sluice"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,31}$", var.name))
    error_message = "name: 2 to 32 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "region_in_names" {
  description = "Whether the names of roles, buckets and the dashboard contain the region. Required in each further region of an account, where these names are taken; `name` may then have 27 characters. Setting it later replaces the buckets."
  type        = bool
  default     = false
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
  description = "Only objects whose key starts with this are converted; the key itself, not encoded."
  type        = string
  default     = ""

  validation {
    condition     = !strcontains(var.prefix, "*")
    error_message = "prefix: S3 allows no * in filters; name a prefix without one, such as in/ for in/*."
  }
  validation {
    condition     = length(urlencode(var.prefix)) <= 1024
    error_message = "prefix: too long; S3 allows 1024 characters, percent-encoded."
  }
}

variable "suffixes" {
  description = "Only objects whose key ends with one of these are converted; not encoded. S3 distinguishes upper and lower case. Compressed objects (`.csv.gz`, `.csv.zst`) are allowed too; each is read in order."
  type        = list(string)
  default     = [".csv", ".CSV"]

  validation {
    condition     = length(var.suffixes) > 0 && alltrue([for suffix in var.suffixes : can(regex("^[^,*]*[^,* ]$", suffix))])
    error_message = "suffixes: at least one, none empty, none with a comma or *, none with a space at its end; a suffix needs no *."
  }
  validation {
    condition = alltrue(flatten([for i, a in var.suffixes : [
      # As S3 compares them: encoded, ".csv" may be the end of another suffix without being so otherwise.
      for j, b in var.suffixes : i == j || !endswith(urlencode(a), urlencode(b))
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
