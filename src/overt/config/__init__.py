"""What people write: frozen values read from files, one class per subject, unknown keys refused."""
