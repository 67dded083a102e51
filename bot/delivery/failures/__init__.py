"""What Slack's errors mean, and what follows for a delivery that was not sent."""
