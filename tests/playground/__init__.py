"""The local Slack itself, without Guichet."""
