"""What people do from one end to the other, in the local Slack or in its page."""
