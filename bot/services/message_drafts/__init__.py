"""Use cases of what people write to Guichet outside of threads, and where they mention it."""
