"""Keras at work, in a process of its own: the only home of TensorFlow, and free of Qt."""
