"""Stores of attachments: a folder or a bucket. Imports nothing of ours."""
