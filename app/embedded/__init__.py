"""Starts and stops PostgreSQL, Valkey, the worker and the web server as children."""
