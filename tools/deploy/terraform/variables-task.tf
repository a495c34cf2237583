variable "task_image" {
  description = "Image of the command (tools/deploy/container). With null there is no task, and the function converts all objects."
  type        = string
  default     = null

  validation {
    condition     = var.task_image == null || can(regex("^[^\\s]+$", var.task_image))
    error_message = "task_image: null, or the name of an image."
  }
}

variable "task_bytes" {
  description = "Objects of more bytes that must be read in order are converted by the task. Objects of at most route_bytes never are."
  type        = number
  default     = 4294967296

  validation {
    condition     = var.task_bytes >= 0 && floor(var.task_bytes) == var.task_bytes
    error_message = "task_bytes: a whole number."
  }
}

variable "task_cpu" {
  description = "CPU units of the task, 1024 for one CPU."
  type        = number
  default     = 1024

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.task_cpu)
    error_message = "task_cpu: 256, 512, 1024, 2048, 4096, 8192 or 16384."
  }
}

variable "task_memory" {
  description = "Memory of the task in MiB. Fargate takes 2 to 8 GiB for each CPU, in steps of 1 GiB; planning lists the values."
  type        = number
  default     = 2048
}

variable "task_subnets" {
  description = "Subnets in which the task runs, from which it must reach S3, SQS, CloudWatch and the image's registry."
  type        = list(string)
  default     = []
}

variable "task_security_groups" {
  description = "Security groups of the task: HTTPS out, nothing in."
  type        = list(string)
  default     = []
}

variable "task_public_ip" {
  description = "Whether the task gets a public IP address. Required in a subnet without NAT or endpoints."
  type        = bool
  default     = false
}
