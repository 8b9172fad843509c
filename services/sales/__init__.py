"""Owns campaigns, leads, opportunities, quotes and activities: how somebody becomes a customer."""
