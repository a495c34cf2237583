variable "alarm_actions" {
  description = "ARNs that are notified when an alarm starts and ends, such as that of an SNS topic with a mail subscription."
  type        = list(string)
  default     = []
}

variable "max_message_age" {
  description = "Age of the oldest unread message, in seconds, from which an alarm is raised."
  type        = number
  default     = 3600

  validation {
    condition     = var.max_message_age >= 60
    error_message = "max_message_age: at least 60."
  }
}
