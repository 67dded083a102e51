"""E-mail over SMTP: the dialogue with a server, and what its replies mean. Imports what its parent may."""
