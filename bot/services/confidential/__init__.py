"""What follows when the catalogue marks a team or a service as confidential."""
