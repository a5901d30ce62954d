"""Exact search of a probe in the whole list."""
