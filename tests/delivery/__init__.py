"""The outbox, its worker and its senders."""
