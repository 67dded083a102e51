"""What people do in Slack, one file a feature; each has a `register(app)`.

Imports views and services; no listener imports another.
"""
