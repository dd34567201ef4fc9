"""Asking a hosted language model: everything between a typed question and the network."""
