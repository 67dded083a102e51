"""What is drawn of confidential tickets."""
