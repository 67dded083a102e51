"""What waits for somebody: reminders to requesters, what follows when one is lost, and approvers."""
