"""How the page writes texts: mrkdwn, rich text, dates, words in two languages."""
