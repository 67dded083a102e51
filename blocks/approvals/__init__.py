"""Agreements before the work: the message that asks an approver, what it opens, what its requester is told."""
