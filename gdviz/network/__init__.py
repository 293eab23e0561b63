"""What is trained, and on what; NumPy only."""
