"""What sales asks of other services."""
