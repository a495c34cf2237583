variable "buffer" {
  description = "Whether a queue between the topic and the function holds uploads until the function can take them. Recommended where many files come at once."
  type        = bool
  default     = false
}

variable "buffer_concurrency" {
  description = "Concurrent invocations for uploads in the buffer; the state machine's count separately (max_concurrency)."
  type        = number
  default     = 5

  validation {
    condition     = var.buffer_concurrency >= 2 && var.buffer_concurrency <= 1000 && floor(var.buffer_concurrency) == var.buffer_concurrency
    error_message = "buffer_concurrency: 2 to 1000, as Lambda allows."
  }
}

variable "buffer_batch_size" {
  description = "Uploads that an invocation takes from the buffer, one after the other. With more than 1, small files need fewer invocations, and a large file holds up those after it."
  type        = number
  default     = 1

  validation {
    condition     = var.buffer_batch_size >= 1 && var.buffer_batch_size <= 10 && floor(var.buffer_batch_size) == var.buffer_batch_size
    error_message = "buffer_batch_size: 1 to 10."
  }
}
