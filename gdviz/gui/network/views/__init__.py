"""Views of the result: contours, output as height, hidden space, slice."""
