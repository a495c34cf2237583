variable "schemas" {
  description = "Schemas of uploads by prefix of their keys: `{ \"orders/\" = file(\"orders.schema.json\") }`. The longest prefix counts, and \"\" is for all other keys. Keys without one have no schema: their values are strings."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for schema in values(var.schemas) : can(jsondecode(schema))])
    error_message = "schemas: each must be JSON: not ${join(", ", [for prefix, schema in var.schemas : "\"${prefix}\"" if !can(jsondecode(schema))])}."
  }
  validation {
    condition = alltrue([for schema in values(var.schemas) : !can(jsondecode(schema)) || anytrue([
    for name in ["fields", "schema", "dialect", "encoding", "resources"] : can(jsondecode(schema)[name])])])
    error_message = "schemas: each must be a Table Schema, a Data Resource or a Data Package."
  }
  validation {
    condition     = alltrue([for schema in values(var.schemas) : length(base64encode(schema)) <= 22369624])
    error_message = "schemas: each may have at most 16 MiB."
  }
}

variable "schema_bucket_name" {
  description = "Name of the bucket for schemas; null for NAME-schemas-ACCOUNT. There is no bucket without schemas."
  type        = string
  default     = null

  validation {
    condition     = var.schema_bucket_name == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.schema_bucket_name))
    error_message = "schema_bucket_name: 3 to 63 lower-case letters, digits, hyphens and dots."
  }
}
