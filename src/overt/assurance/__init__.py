"""How often it is wrong, measured before anybody is watched: error rates, equality, thresholds."""
