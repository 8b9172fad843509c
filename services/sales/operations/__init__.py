"""Entrypoints of the sales service, grouped by what they are about."""
