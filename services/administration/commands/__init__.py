"""Everything that changes administration data: one function for each thing a user can do."""
