"""What a use case is given: who acts, by which rules, in which transaction. Imports models."""
