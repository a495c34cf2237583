# Sends failed executions to the function, which reports them. The state machine itself must not catch failures: a redrive
# could not continue at a state whose failure was caught. Portions do catch and report theirs, since a redrive runs a portion
# from its start.
resource "aws_cloudwatch_event_rule" "failures" {
  name        = "${var.name}-failures"
  description = "Large objects that were not converted"
  tags        = var.tags

  event_pattern = jsonencode({
    source      = ["aws.states"]
    detail-type = ["Step Functions Execution Status Change"]
    detail = {
      stateMachineArn = [local.state_machine_arn]
      status          = ["FAILED", "TIMED_OUT", "ABORTED"]
    }
  })
}

resource "aws_cloudwatch_event_target" "failures" {
  rule = aws_cloudwatch_event_rule.failures.name
  arn  = aws_lambda_function.sluice.arn

  depends_on = [aws_lambda_permission.failures]
}

resource "aws_lambda_permission" "failures" {
  statement_id  = "FailuresInvoke"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.sluice.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.failures.arn

  # Create the permissions one after the other: both change the function's policy.
  depends_on = [aws_lambda_permission.topic, aws_lambda_permission.uploads]
}
