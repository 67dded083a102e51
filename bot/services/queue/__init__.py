"""The queue of a technician and of a team: its pages, who has its tickets, what its rows show beside them."""
