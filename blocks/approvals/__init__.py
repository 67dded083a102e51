"""Agreements before the work: what asks an approver, what it opens, what the requester is told."""
