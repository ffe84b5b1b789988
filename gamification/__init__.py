"""Well done: the XP ledger, flames, streaks, achievements and leaderboards."""
