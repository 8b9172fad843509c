"""How the tables of the $name service came to be."""
