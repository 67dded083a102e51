"""Other help desks, measured by the same load: reported, and no goal."""
