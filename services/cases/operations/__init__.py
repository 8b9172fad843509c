"""The entrypoints, grouped by resource."""
