"""`guichet backup` and `guichet restore`: the database, the attachments, the catalogue.

A folder of backups has the folder `attachments`, which all of them share, and a folder for each backup, named
by its time: the database, the catalogue with its articles, and `manifest.json`. What is being written has a
name that begins with a dot.
"""
