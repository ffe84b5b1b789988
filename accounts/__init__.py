"""Who you are: people, their profile, what they did, and what is to be told to the world."""
