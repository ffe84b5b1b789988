"""May they: plans, subscriptions and what they open."""
