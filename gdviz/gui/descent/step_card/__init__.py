"""The card that explains a step, and the arrows that show it on the surface."""
