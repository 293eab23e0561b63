"""The entry point: ``python -m gdviz`` and the console script."""

from __future__ import annotations

import multiprocessing
import sys


def main() -> int:
    """Run gdviz and return its exit status."""
    # A frozen program starts itself again for each process; this ends such a start in its work, before heavy imports.
    multiprocessing.freeze_support()
    from gdviz.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
