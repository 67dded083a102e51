"""What a use case is given: the transaction, the actor, the settings that apply. Imports models."""
