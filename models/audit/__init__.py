"""The audit trail: who read, searched, exported or erased what, and when."""
