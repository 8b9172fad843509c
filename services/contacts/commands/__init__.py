"""Everything that changes contacts' data: one function for each thing a user can do."""
