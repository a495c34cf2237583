variable "alarm_actions" {
  description = "What is told of an alarm and of its end: ARNs, such as of an SNS topic with a mail subscription."
  type        = list(string)
  default     = []
}

variable "max_message_age" {
  description = "Age in seconds of the oldest unread message at which an alarm goes off."
  type        = number
  default     = 3600

  validation {
    condition     = var.max_message_age >= 60
    error_message = "max_message_age: at least 60."
  }
}
