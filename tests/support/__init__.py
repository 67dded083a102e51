"""What tests of several folders share: desks, databases, processes, factories."""
