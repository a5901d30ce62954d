"""When a resemblance is shown to a person; pure rules."""
