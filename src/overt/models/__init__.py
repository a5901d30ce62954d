"""Model packs: what they are, where they are found, and the engines that run them."""
