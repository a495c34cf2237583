# Tests how prefix and suffixes select uploads: encoded in S3's filters, as they are in policies and in the function.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  lambda_zip = "versions.tf"
}

run "by_default_suffixes_are_matched_in_both_cases" {
  assert {
    condition = [for topic in aws_s3_bucket_notification.uploads[0].topic :
      [topic.filter_prefix, topic.filter_suffix, tolist(topic.events)[0], topic.topic_arn]] == [
      for suffix in [".csv", ".CSV"] : ["", suffix, "s3:ObjectCreated:*", aws_sns_topic.uploads[0].arn]
    ]
    error_message = "the notification's filters"
  }
}

run "a_prefix_and_suffixes_are_encoded_in_filters_only" {
  variables {
    prefix        = "dt=2024/a b+é&(c)~/"
    suffixes      = [" (1).csv", "+.CSV"]
    uploader_arns = ["arn:aws:iam::210987654321:role/partner"]
  }
  assert {
    condition = [for topic in aws_s3_bucket_notification.uploads[0].topic : [topic.filter_prefix, topic.filter_suffix]] == [
      for suffix in ["+%281%29.csv", "%2B.CSV"] : ["dt%3D2024/a+b%2B%C3%A9%26%28c%29%7E/", suffix]
    ]
    error_message = "S3 compares filters with encoded keys"
  }
  assert {
    condition = alltrue([for statement in [
      jsondecode(aws_iam_role_policy.function.policy).Statement[0], jsondecode(aws_s3_bucket_policy.uploads[0].policy).Statement[1],
    ] : statement.Resource == ["arn:aws:s3:::sluice-uploads-123456789012/dt=2024/a b+é&(c)~/*"]])
    error_message = "IAM compares policies with keys that are not encoded"
  }
  assert {
    condition     = aws_lambda_function.sluice.environment[0].variables["SLUICE_SUFFIXES"] == " (1).csv,+.CSV"
    error_message = "the function compares suffixes with keys that are not encoded"
  }
}

run "a_prefix_that_looks_like_a_pattern_is_none_in_policies" {
  variables {
    prefix = "a?/$${b}/"
  }
  assert {
    condition     = aws_s3_bucket_notification.uploads[0].topic[0].filter_prefix == "a%3F/%24%7Bb%7D/"
    error_message = "the notification's filter"
  }
  assert {
    condition = [for statement in slice(jsondecode(aws_iam_role_policy.function.policy).Statement, 0, 2) :
      [statement.Resource[0], try(statement.Condition.StringLikeIfExists["s3:prefix"], null)]] == [
      ["arn:aws:s3:::sluice-uploads-123456789012/a$${?}/$${$}{b}/*", null],
      ["arn:aws:s3:::sluice-uploads-123456789012", "a$${?}/$${$}{b}/*"],
    ]
    error_message = "the policy matches other keys"
  }
}
