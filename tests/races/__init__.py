"""What happens exactly once, with eight at the door; each case has a control without its guard."""
