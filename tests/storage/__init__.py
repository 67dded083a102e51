"""Where attachments are kept: folders and buckets."""
