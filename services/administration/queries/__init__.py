"""Everything that reads administration data. All SQL of this service is in this package."""
