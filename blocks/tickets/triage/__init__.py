"""The forms behind a technician's menu: assign, put on hold, reclassify, link as duplicate.

Imports blocks and models."""
