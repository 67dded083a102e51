"""What a delivery says, from the rows as they are when it is sent. Imports views, blocks and services."""
