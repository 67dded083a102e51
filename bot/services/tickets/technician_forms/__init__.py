"""What a technician's form does beside its action: it takes an untaken ticket, and stops once when others
acted since it was opened."""
