variable "ordered" {
  description = "Whether the versions of a key are converted one after the other. An upload whose key is being converted waits in the buffer, so it needs buffer."
  type        = bool
  default     = false
}

variable "skip_stale" {
  description = "Whether a version of a key is skipped if a newer one was seen before."
  type        = bool
  default     = false
}
