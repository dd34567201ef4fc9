"""Vectors of texts and the nearest among them; one wrapped library a file."""
