variable "rejects" {
  description = "Whether records that break a rule are put aside and sent to the error queue, instead of ending the conversion of their file."
  type        = bool
  default     = false
}

variable "max_rejects" {
  description = "Lines that may be put aside of a file, as a number (`1000`) or a share (`0.5%`); with more, the file is reported as invalid. null for no limit."
  type        = string
  default     = null

  validation {
    condition     = var.max_rejects == null || can(regex("^([0-9]{1,18}|(100(\\.0{1,3})?|[0-9]{1,2}(\\.[0-9]{1,3})?)%)$", var.max_rejects))
    error_message = "max_rejects: null, a number such as 1000, or a share such as 0.5%."
  }
}

variable "max_rejected_percent" {
  description = "Percentage of rows that were put aside within 5 minutes from which an alarm is raised; only with rejects."
  type        = number
  default     = 1

  validation {
    condition     = var.max_rejected_percent > 0 && var.max_rejected_percent <= 100
    error_message = "max_rejected_percent: more than 0, at most 100."
  }
}
