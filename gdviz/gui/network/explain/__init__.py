"""Why the network says what it says of a point: forward through it, and by backpropagation back, step by step."""
