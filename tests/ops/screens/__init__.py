"""The screens that `guichet doctor` has Slack judge."""
