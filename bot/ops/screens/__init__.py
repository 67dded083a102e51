"""Every view and message of the product, drawn from sample data and judged by Slack (`blocks.validate`).

`samples/` has the catalogue of a small help desk; `desk.py` opens that help desk in a database in memory, and
`stories/` has its people use it. Nothing here reads or writes the real database.
"""
