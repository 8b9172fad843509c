"""What speaks to the database: sessions, filters, paging, search, migrations."""
