"""The dates of tickets that wait, which every change of a ticket keeps right. Imports nothing of Slack."""
