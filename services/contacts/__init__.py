"""Owns people and companies, how they belong together, and what happened with them."""
