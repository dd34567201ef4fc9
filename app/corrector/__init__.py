"""Learns from what people said about assignments: what else is doubtful, and where new papers belong."""
