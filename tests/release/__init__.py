"""The release: what an installed Guichet has, its version, what CHANGELOG says of it."""
