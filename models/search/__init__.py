"""The search over tickets: the texts that it compares and what keeps them right, its index, its queries."""
