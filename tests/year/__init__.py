"""A year of a help desk in accelerated time, and the account of what it promised, reminded of and closed."""
