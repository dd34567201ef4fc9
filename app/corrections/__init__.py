"""Corrections: what a person may change about a hierarchy, as pure functions of its state."""
