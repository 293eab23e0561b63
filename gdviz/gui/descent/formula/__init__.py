"""A typed formula: the dialog, what is checked, and the list of one's own surfaces."""
