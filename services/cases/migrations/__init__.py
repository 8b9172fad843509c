"""How the tables of the cases service came to be."""
