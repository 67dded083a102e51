"""Who has left a team: what is read of them, and the summary for the team."""
