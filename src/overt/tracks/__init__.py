"""Which face in this frame was which in the last; pure."""
