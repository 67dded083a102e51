"""One feature at a time, through what people see and click in the local Slack."""
