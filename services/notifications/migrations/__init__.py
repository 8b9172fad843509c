"""How the tables of the notifications service came to be."""
