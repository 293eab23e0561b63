"""How fast gdviz is, against something else measured in the same run."""
