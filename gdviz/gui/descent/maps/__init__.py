"""Maps of what becomes of many descents: basins, rates and momenta, the sweep of learning rates."""
