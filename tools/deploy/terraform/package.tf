# The function's zip, and what tools/package-lambda says about it in a file beside it, its facts:
#
#     sluice-lambda.zip        sluice-lambda.zip.json    {"architecture":"x86_64","sha256":"…",…}
#
# With the facts, a zip for another processor is found when you plan, not when the function starts. A zip of your own needs none.
locals {
  zip_sha256 = var.lambda_zip == null ? one(var.lambda_s3[*].sha256) : filesha256(var.lambda_zip)
  facts = jsondecode(coalesce(one(data.aws_s3_object.facts[*].body),
  var.lambda_zip == null ? "null" : fileexists("${var.lambda_zip}.json") ? file("${var.lambda_zip}.json") : "null"))

  # Lambda states hashes in base64, and Terraform converts only those of files. Three hexadecimal digits are two of base64:
  # 0x6ba = 26 * 64 + 58 is "a6". The last of the 64 digits is followed by two zero bits.
  base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  base64_numbers = var.lambda_s3 == null ? [] : concat(flatten([for digits in regexall("...", var.lambda_s3.sha256) :
  [floor(parseint(digits, 16) / 64), parseint(digits, 16) % 64]]), [parseint(substr(var.lambda_s3.sha256, 63, 1), 16) * 4])
  code_hash = (var.lambda_zip != null ? filebase64sha256(var.lambda_zip)
  : "${join("", [for number in local.base64_numbers : substr(local.base64_digits, number, 1)])}=")
}

data "aws_s3_object" "facts" {
  count  = var.lambda_s3 == null ? 0 : 1
  bucket = var.lambda_s3.bucket
  key    = "${var.lambda_s3.key}.json"
}
