"""The workshop: where staff write lessons as drafts, look at them as learners do, and publish them."""
