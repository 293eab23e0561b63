"""The Keras script of what is on the screen, and models as files."""
