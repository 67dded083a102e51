"""How well the catalogue's search answers queries whose right answers are known."""
