"""The surface and the race on it: contours, three dimensions, loss curves."""
