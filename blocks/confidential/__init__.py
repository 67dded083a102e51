"""What messages say of a confidential ticket: its number and its state."""
