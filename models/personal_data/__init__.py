"""Which columns hold personal data, why, and what becomes of it."""
