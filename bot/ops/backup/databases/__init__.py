"""What differs by database: how it is copied, verified and restored; and what a restored one needs."""
