"""Losses of two parameters, and how optimizers walk them; NumPy only."""
