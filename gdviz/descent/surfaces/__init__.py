"""The analytic surfaces, one module a family; values and derivatives are written out by hand in x and y."""
