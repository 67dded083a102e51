"""A person's own data, as a zip file: written, posted, deleted later."""
