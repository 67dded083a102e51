"""A ticket and what belongs to it: history, comments, attachments, known outages."""
