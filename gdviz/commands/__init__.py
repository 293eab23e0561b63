"""What gdviz does without its window: one module a command, each with ``add_parser`` and ``run``."""
