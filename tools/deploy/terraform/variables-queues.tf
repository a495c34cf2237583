variable "fifo" {
  description = "Whether the message queue is FIFO: it delivers the messages of a source in order, and each one once within 5 minutes. Large objects are then also converted in order, by one invocation at a time."
  type        = bool
  default     = false
}

variable "visibility_timeout" {
  description = "Seconds for which a received message is hidden from other consumers."
  type        = number
  default     = 300

  validation {
    condition     = var.visibility_timeout >= 0 && var.visibility_timeout <= 43200
    error_message = "visibility_timeout: 0 to 43200."
  }
}

variable "retention_days" {
  description = "Days for which an unread message is kept. Dead-letter queues keep messages for 14 days."
  type        = number
  default     = 4

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 13
    error_message = "retention_days: 1 to 13, less than the 14 of the dead-letter queue: SQS counts the age from the first queue."
  }
}

variable "max_receive_count" {
  description = "Number of times that a message may be received before it goes to the dead-letter queue."
  type        = number
  default     = 5

  validation {
    condition     = var.max_receive_count >= 1 && var.max_receive_count <= 1000
    error_message = "max_receive_count: 1 to 1000."
  }
}
