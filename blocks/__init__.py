"""Block Kit: pure functions, data in, blocks out; each form's reader beside its builder.

Imports models, and of slack_sdk its models.
"""
