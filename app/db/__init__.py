"""Tables, sessions and everything that speaks SQL in bulk."""
