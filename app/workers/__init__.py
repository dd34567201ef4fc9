"""The queue, and what workers run."""
