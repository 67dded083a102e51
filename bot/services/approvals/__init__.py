"""Agreements before the work: who is asked, and what they decide. Knows no Slack."""
