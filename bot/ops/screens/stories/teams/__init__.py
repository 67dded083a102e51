"""What happens to a team: a technician who leaves it, a confidential ticket that waits for its channel; what
its technicians file."""
