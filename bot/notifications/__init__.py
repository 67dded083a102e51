"""Who is told what: the policy, and the deliveries that follow an event. Imports context and models."""
