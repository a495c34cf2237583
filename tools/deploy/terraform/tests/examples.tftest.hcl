# Tests that the examples of the README can be planned.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  lambda_zip = "versions.tf"
}

run "a_new_bucket" {
  command = plan

  module {
    source = "./examples/new-bucket"
  }
}

run "an_existing_bucket_with_a_key_and_a_vpc" {
  command = plan

  module {
    source = "./examples/existing-bucket"
  }

  variables {
    bucket             = "acme-inbox"
    kms_key_arn        = "arn:aws:kms:eu-west-1:123456789012:key/44444444-2222-3333-4444-555555555555"
    subnet_ids         = ["subnet-1", "subnet-2"]
    security_group_ids = ["sg-1"]
  }
}

run "a_consumer_in_another_account" {
  command = plan

  module {
    source = "./examples/cross-account-consumer"
  }

  variables {
    uploader_arn = "arn:aws:iam::210987654321:role/partner"
    consumer_arn = "arn:aws:iam::345678901234:role/consumer"
  }
}

run "a_consumer_as_a_function" {
  command = plan

  module {
    source = "./examples/consumer-function"
  }

  variables {
    consumer_zip = "versions.tf"
  }
}
