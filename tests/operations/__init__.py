"""A site of several processes in front of the suite's own database, and many people who use it at random."""
