"""How the tables of the sales service came to be."""
