variable "alarm_actions" {
  description = "ARNs that are notified when an alarm starts and ends, such as that of an SNS topic with a mail subscription."
  type        = list(string)
  default     = []
}

variable "max_event_age" {
  description = "Seconds from which an alarm is raised if an event waits for the function."
  type        = number
  default     = 3600

  validation {
    condition     = var.max_event_age >= 60 && var.max_event_age < 21600
    error_message = "max_event_age: 60 to 21599; Lambda gives up events after 21600 s."
  }
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
