"""Proofs that what is forgotten or erased is found nowhere: words that exist once are looked for."""
