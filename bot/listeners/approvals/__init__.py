"""What people do about agreements: approvers decide and say when they are away, requesters complete."""
