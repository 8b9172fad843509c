"""Everything that changes the data of sales: one function for each thing a user can do."""
