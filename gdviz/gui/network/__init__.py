"""Tab 2: painted points and the network that learns them."""
