"""What holds of the code as a whole: who imports whom, what is compiled from what."""
