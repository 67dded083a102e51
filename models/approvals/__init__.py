"""Agreements before the work: whom a service's requests ask, and what they decided."""
