"""Where attachments are kept: a folder or a bucket. Imports nothing of ours."""
