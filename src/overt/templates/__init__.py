"""Aligned faces and the templates that networks make of them."""
