"""A bare Django site to measure against: stock settings and sign-in, a page of 8 kB and three queries."""
