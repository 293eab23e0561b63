"""Comparing networks: several trained side by side, runs in a table, and runs kept as ghosts."""
