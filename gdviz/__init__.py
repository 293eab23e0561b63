"""gdviz: see gradient descent at work on loss surfaces and on a small Keras network."""

__version__ = "0.1.0"
