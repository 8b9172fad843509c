"""Everything that reads this service's data. All SQL of this service is here and in the handlers."""
