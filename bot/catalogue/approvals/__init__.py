"""The approval steps of services in `catalogue.yaml`."""
