"""The window; Qt, never TensorFlow."""
