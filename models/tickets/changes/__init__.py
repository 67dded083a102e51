"""What an action changes in a ticket beside its status: always the same, or as a `Change` says."""
