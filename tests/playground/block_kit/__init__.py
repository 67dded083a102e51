"""Block Kit as the local Slack checks it: what is refused, in which words."""
