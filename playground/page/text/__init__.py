"""Text on the page: mrkdwn, rich text, dates, translations."""
