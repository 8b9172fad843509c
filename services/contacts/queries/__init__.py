"""Everything that reads contacts' data. The SQL of this service is here and in handlers."""
