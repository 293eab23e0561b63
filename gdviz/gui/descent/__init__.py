"""Tab 1: loss surfaces and the optimizers racing on them."""
