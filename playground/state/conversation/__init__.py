"""What is said in conversations and what becomes of them: messages, their payloads and words, channels."""
