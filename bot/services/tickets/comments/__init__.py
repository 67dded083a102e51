"""What people write to each other about a ticket: replies, answers and notes; their edits and deletions.

The thread of a team's card is internal: what is written there is a note. What the requester writes under one
of their own messages is for the team.
"""
