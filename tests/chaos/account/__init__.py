"""The reckoning: what people did and the database promised, against what arrived on the far side."""
