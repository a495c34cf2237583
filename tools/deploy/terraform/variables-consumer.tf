variable "consumer" {
  description = "A function that consumes the messages, such as one of tools/examples/consumer; null for none. zip is its path. bucket is where it writes rows, below prefix; null for a new one, NAME-rows-ACCOUNT. concurrency is how many run at a time, batch_size how many messages each gets. Without handler, runtime and architecture it is a program as tools/package-lambda packs them."
  type = object({
    zip          = string
    runtime      = optional(string, "provided.al2023")
    handler      = optional(string, "bootstrap")
    architecture = optional(string)
    bucket       = optional(string)
    prefix       = optional(string)
    concurrency  = optional(number, 5)
    batch_size   = optional(number, 10)
    memory_size  = optional(number, 512)
    timeout      = optional(number, 50)
  })
  default = null

  validation {
    condition     = var.consumer == null || try(fileexists(var.consumer.zip), false)
    error_message = "consumer.zip: no such file; tools/examples/consumer/README.md says how to make it."
  }
  validation {
    condition     = var.consumer == null || try(var.consumer.concurrency >= 2 && var.consumer.concurrency <= 1000 && floor(var.consumer.concurrency) == var.consumer.concurrency, false)
    error_message = "consumer.concurrency: 2 to 1000, as Lambda allows."
  }
  validation {
    condition     = var.consumer == null || try(var.consumer.batch_size >= 1 && var.consumer.batch_size <= 10000 && floor(var.consumer.batch_size) == var.consumer.batch_size, false)
    error_message = "consumer.batch_size: 1 to 10000."
  }
  validation {
    condition     = var.consumer == null || try(var.consumer.timeout >= 1 && var.consumer.timeout <= 900, false)
    error_message = "consumer.timeout: 1 to 900 seconds."
  }
}
