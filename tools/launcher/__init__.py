"""What stands behind `./trato`: it prepares the machine and watches what runs with nothing but the standard library."""
