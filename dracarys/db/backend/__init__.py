"""Django's PostgreSQL backend with three additions: names, ON DELETE, and the actor folded into BEGIN."""
