"""Live sessions, registration, waitlist and attendance."""
