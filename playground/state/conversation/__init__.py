"""Conversations: messages, their payloads and rich text, channels."""
