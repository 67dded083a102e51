"""The open tickets of a team by technician, and what the rows of a queue show beside their tickets."""
