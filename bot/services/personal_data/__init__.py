"""What becomes of personal data once it is no longer needed: tickets are forgotten, people erased."""
