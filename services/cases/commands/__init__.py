"""Everything that changes this service's data: one function for each thing a user can do."""
