"""Everything that reads this service's data; SQL is here and in the handlers."""
