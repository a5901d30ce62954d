"""The append-only log as a Merkle tree with signed checkpoints; pure."""
