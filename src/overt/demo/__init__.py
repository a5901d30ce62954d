"""A clip made from two public-domain portraits, and the main job run on it."""
