"""Known outages: their cards and their forms."""
