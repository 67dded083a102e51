"""Who acts in the simulated year, when and how."""
