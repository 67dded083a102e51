"""What waits for somebody: reminders to requesters and what follows when one does not arrive, and approvers."""
