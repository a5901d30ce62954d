"""Who may do what, for how long, under which rules: tables without input or output."""
