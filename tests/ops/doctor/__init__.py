"""What `guichet doctor` says of each thing that is made wrong."""
