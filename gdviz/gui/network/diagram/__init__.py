"""The network as a diagram: what each neuron makes of the plane, what each link weighs, and both changed by hand."""
