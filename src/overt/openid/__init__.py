"""Signing in through an organisation: what is asked of its provider, and when its answer counts."""
