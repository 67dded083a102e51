"""What is known of a person, for themself (GDPR art. 15) or for the data-protection officer."""
