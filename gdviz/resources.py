"""Where icons, lectures, data sets and translations are."""

from __future__ import annotations

import sys
from pathlib import Path


def resource_folder() -> Path:
    """The folder of resources: of a frozen program, of an installed package, or of a checkout.

    Raises:
        FileNotFoundError: there is none; the message says where it was looked for.
    """
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    # A wheel carries the folder inside the package; a checkout has it beside.
    places = [Path(frozen) / "resources"] if frozen else [package / "resources", package.parent / "resources"]
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"there are no resources in {' or '.join(map(str, places))}")


def lecture_files() -> list[Path]:
    """The lectures that come with gdviz, by file name; empty where there are none."""
    return sorted((resource_folder() / "lectures").glob("*.toml"))
