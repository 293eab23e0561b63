"""What a file holds; no Qt, no TensorFlow."""
