"""The history of the schema, shipped with the program and applied when records are opened."""
