"""Other ways to make a tree of topics, each through its own public API, from the same vectors and texts."""
