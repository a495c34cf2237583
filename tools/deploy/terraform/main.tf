# Names and ARNs are composed here, so that a policy can name a resource before it exists.
data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  # Versions 5 and 6 of the provider both have the region as this id; 6 deprecates `name`, and 5 lacks `region`.
  region = data.aws_region.current.id
  # The end of the names of hosts: amazonaws.com in most regions.
  dns_suffix = data.aws_partition.current.dns_suffix

  # For what has one name in all regions: roles and the dashboard in an account, buckets everywhere.
  global_name = var.region_in_names ? "${var.name}-${local.region}" : var.name

  bucket     = coalesce(var.existing_bucket, var.bucket_name, "${local.global_name}-uploads-${local.account}")
  bucket_arn = "arn:${local.partition}:s3:::${local.bucket}"
  topic      = "${var.name}-uploads"
  topic_arn  = coalesce(var.existing_topic_arn, "arn:${local.partition}:sns:${local.region}:${local.account}:${local.topic}")

  work_bucket     = coalesce(var.work_bucket_name, "${local.global_name}-work-${local.account}")
  work_bucket_arn = "arn:${local.partition}:s3:::${local.work_bucket}"

  function_arn      = "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${var.name}"
  state_machine     = "${var.name}-convert"
  state_machine_arn = "arn:${local.partition}:states:${local.region}:${local.account}:stateMachine:${local.state_machine}"

  # As in the function, an empty value counts as not set.
  metrics_namespace = coalesce(lookup(var.options, "SLUICE_METRICS_NAMESPACE", null), "Sluice")

  fifo_suffix = var.fifo ? ".fifo" : ""
  queues = merge({
    messages      = var.existing_queue_arn == null ? "${var.name}-messages${local.fifo_suffix}" : split(":", var.existing_queue_arn)[5]
    messages_dead = "${var.name}-messages-dead${local.fifo_suffix}"
    errors        = "${var.name}-errors"
    audit         = "${var.name}-audit"
    audit_dead    = "${var.name}-audit-dead"
    undelivered   = "${var.name}-undelivered"
    failed        = "${var.name}-failed"
    }, !var.buffer ? {} : {
    events      = "${var.name}-events"
    events_dead = "${var.name}-events-dead"
  })
  queue_arns = merge(
    { for key, name in local.queues : key => "arn:${local.partition}:sqs:${local.region}:${local.account}:${name}" },
    { for arn in var.existing_queue_arn[*] : "messages" => arn },
  )
}
