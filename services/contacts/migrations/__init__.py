"""How the tables of the contacts service came to be."""
