"""The samples that a loss is made of."""
