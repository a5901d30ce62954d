"""Pages for those who judge alerts and run deployments."""
