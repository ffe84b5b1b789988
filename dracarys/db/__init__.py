"""How this project speaks to PostgreSQL: our backend, who acts, roles and row policies."""
