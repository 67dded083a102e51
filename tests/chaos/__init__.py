"""`make chaos`: kills processes, breaks connections and locks databases, then counts what was lost."""
