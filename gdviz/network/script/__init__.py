"""The parts of a Keras script: data, model, training; and how Python is laid out."""
