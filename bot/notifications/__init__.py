"""Who is notified of what: the policy, and the deliveries of an event. Imports context and models."""
