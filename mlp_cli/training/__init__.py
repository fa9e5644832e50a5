"""Training a network: the loop, its run folder and its checkpoints."""
