"""Levels, gates, lessons, attempts and progress."""
