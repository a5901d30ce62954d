"""What people may decide about an alert, as tables; pure."""
