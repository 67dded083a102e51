"""The clocks of a ticket in working time: what starts and stops them, and which wait to be made anew."""
