"""Owns users, groups, roles, keys, sessions, parameters, custom fields and the administrative log."""
