"""The flow on one page, and the processes that run it."""
