"""Counts, exact intervals and sequential tests; pure."""
