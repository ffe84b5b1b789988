"""Posts, comments and votes."""
