"""Owns cases, their types and workflows, the service levels promised for them, and the calendars these run by."""
