"""The workshop, where staff write lessons and decide about past results."""
