"""One module per revision, each small enough to read."""
