"""How quick the console's pages are at many decisions, on SQLite and on PostgreSQL, and how much memory it takes."""
