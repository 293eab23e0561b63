"""Losses of one parameter as curves: the cut, and three learning rates."""
