"""The database and the vault. Only the gate opens them."""
