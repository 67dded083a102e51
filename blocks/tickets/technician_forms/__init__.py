"""The forms behind a technician's menu: assign, put on hold, reclassify, link as duplicate.

Besides, what technicians' forms share: a box that takes an untaken ticket, and what others did since the form
was opened. Imports blocks and models.
"""
