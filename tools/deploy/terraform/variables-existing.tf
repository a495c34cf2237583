# What the account has already, and rules of the company that owns it.
variable "existing_bucket" {
  description = "Name of a bucket, in this region, to use for uploads instead of a new one. The module changes nothing about it. It takes eventbridge = true, or the existing_topic_arn that the bucket notifies."
  type        = string
  default     = null

  validation {
    condition     = var.existing_bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.existing_bucket))
    error_message = "existing_bucket: the name of a bucket, 3 to 63 lower-case letters, digits, hyphens and dots; not its ARN."
  }
}

variable "eventbridge" {
  description = "Whether uploads are reported by EventBridge instead of by a topic. An existing_bucket must have EventBridge switched on; its other notifications stay as they are."
  type        = bool
  default     = false
}

variable "existing_topic_arn" {
  description = "ARN of a topic to use for notifications instead of a new one. Its policy must let the bucket publish, and its key, if it has one, let S3 use it."
  type        = string
  default     = null

  validation {
    condition     = var.existing_topic_arn == null || can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.existing_topic_arn))
    error_message = "existing_topic_arn: the ARN of a topic that is not FIFO, which S3 can't notify."
  }
}

variable "existing_queue_arn" {
  description = "ARN of a queue, in this region, that gets the messages instead of a new one. Its policy, dead-letter queue and settings stay as they are."
  type        = string
  default     = null

  validation {
    condition     = var.existing_queue_arn == null || can(regex("^arn:[a-z-]+:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+(\\.fifo)?$", var.existing_queue_arn))
    error_message = "existing_queue_arn: the ARN of a queue, not its URL."
  }
}

variable "existing_log_group" {
  description = "Name of a log group, in this account, for function and task instead of new ones."
  type        = string
  default     = null

  validation {
    condition     = var.existing_log_group == null || can(regex("^[A-Za-z0-9_./#-]{1,512}$", var.existing_log_group))
    error_message = "existing_log_group: the name of a log group, not its ARN."
  }
}

variable "kms_key_arn" {
  description = "ARN of a KMS key, in this region, that encrypts uploads, and the queues of messages, reports and failed events. null for the keys of S3 and SQS. Function and task get permission to use it; its policy must let this account's policies decide."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn: the ARN of a key, not of an alias, which policies can't name."
  }
}

variable "vpc" {
  description = "Private subnets and security groups of the function. From there S3, SQS and Step Functions must be reachable, by endpoints or NAT. null for no VPC."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null

  validation {
    condition     = var.vpc == null || try(length(var.vpc.subnet_ids) > 0 && length(var.vpc.security_group_ids) > 0, false)
    error_message = "vpc: at least one subnet and one security group."
  }
}

variable "permissions_boundary" {
  description = "ARN of a policy that bounds the permissions of each role that the module makes. It must allow what the roles need."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary: the ARN of a managed policy."
  }
}

# The type is any, since the elements of a list must all have the same type, and statements differ in their members.
variable "policy_statements" {
  description = "Further statements of the policies of function and task, as objects with Effect, Action, Resource…"
  type        = any
  default     = []

  validation {
    condition     = can([for statement in var.policy_statements : [statement.Effect, statement.Action, statement.Resource]])
    error_message = "policy_statements: a list of objects, each with Effect, Action and Resource."
  }
}

variable "consumer_arns" {
  description = "ARNs of IAM principals of other accounts that may receive messages. Principals of this account need only their own policy."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.consumer_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:", arn))])
    error_message = "consumer_arns: each must be the ARN of an IAM principal; everyone (*) is not one."
  }
}

variable "requester_pays" {
  description = "Whether function and task agree to pay for requests to existing_bucket, as its owner may demand of other accounts."
  type        = bool
  default     = false
}
