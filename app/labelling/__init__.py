"""Names for topics, from the words of their papers."""
