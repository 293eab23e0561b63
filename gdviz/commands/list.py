"""``gdviz list``: what there is to choose from, for people or as JSON."""

from __future__ import annotations

import argparse
import json
import math
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gdviz.commands.parser import BAD_INPUT, table

Entry = dict[str, Any]


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Declare ``gdviz list`` and its options."""
    parser = subparsers.add_parser(
        "list", help="list surfaces, optimizers and so on", description="List what there is to choose from."
    )
    parser.set_defaults(run=run)
    parser.add_argument("what", choices=list(_LISTS), help="what to list")
    parser.add_argument("--json", action="store_true", help="print everything that is declared, as JSON")


def run(args: argparse.Namespace) -> int:
    """Carry out ``gdviz list``.

    Returns:
        the exit status: 0, or 2 where a lecture cannot be read.
    """
    try:
        entries = _LISTS[args.what]()
    except (ValueError, FileNotFoundError) as error:
        print(f"gdviz list: error: {error}", file=sys.stderr)
        return BAD_INPUT
    if args.json:
        print(json.dumps(entries, indent=2, ensure_ascii=False, allow_nan=False))
    elif entries:
        print(table([{name: str(entry[name]) for name in _COLUMNS[args.what]} for entry in entries]))
    return 0


def _surfaces() -> list[Entry]:
    from gdviz.descent.catalog import SURFACES

    return [
        {
            "key": surface.key,
            "title": surface.title,
            "formula": surface.formula,
            "bounds": [list(surface.bounds.w0), list(surface.bounds.w1)],
            "start": list(surface.start),
            "learning_rate": surface.learning_rate,
            "logarithmic": surface.logarithmic,
            "dimensions": surface.dimensions,
            "minima": [
                {"w": list(minimum.w), "value": minimum.value, "is_global": minimum.is_global}
                for minimum in surface.minima
            ],
            "tags": list(surface.tags),
        }
        for surface in SURFACES.values()
    ]


def _optimizers() -> list[Entry]:
    from gdviz.declared.optimizers import OPTIMIZERS
    from gdviz.declared.parameter import Parameter

    def parameter(declared: Parameter) -> Entry:
        return {
            "name": declared.name,
            "default": declared.default,
            "allowed": declared.allowed,
            "meaning": declared.meaning,
            "kind": declared.kind,
            "minimum": declared.minimum if math.isfinite(declared.minimum) else None,
            "maximum": declared.maximum if math.isfinite(declared.maximum) else None,
            "advanced": declared.advanced,
        }

    return [
        {
            "key": declaration.key,
            "title": declaration.title,
            "meaning": declaration.meaning,
            "keras_name": declaration.keras_name,
            "source": declaration.source,
            "parameters": [parameter(declared) for declared in declaration.parameters],
        }
        for declaration in OPTIMIZERS.values()
    ]


def _datasets() -> list[Entry]:
    from gdviz.network.datasets import DATASETS

    return [
        {
            "key": data.key,
            "title": data.title,
            "meaning": data.meaning,
            "regression": data.regression,
            "samples": data.default_samples,
            "noise": data.default_noise,
            "axes": list(data.axes),
            "extent": list(data.extent),
            "value_axis": data.value_axis if data.regression else None,
            "value_range": list(data.value_range) if data.regression else None,
        }
        for data in DATASETS.values()
    ]


def _activations() -> list[Entry]:
    from gdviz.network.spec import ACTIVATIONS

    return [{"key": key, "title": title} for key, title in ACTIVATIONS.items()]


def _losses() -> list[Entry]:
    from gdviz.network.spec import LOSSES

    return [{"key": key, "title": title} for key, title in LOSSES.items()]


def _lectures() -> list[Entry]:
    from gdviz.resources import lecture_files

    return [{"key": path.stem, "title": _lecture_title(path), "path": str(path)} for path in lecture_files()]


def _lecture_title(path: Path) -> str:
    try:
        title = tomllib.loads(path.read_text(encoding="utf-8")).get("title", path.stem)
    except (tomllib.TOMLDecodeError, OSError) as error:
        raise ValueError(f"cannot read the lecture {path}: {error}") from None
    return str(title)


_LISTS: dict[str, Callable[[], list[Entry]]] = {
    "surfaces": _surfaces,
    "optimizers": _optimizers,
    "datasets": _datasets,
    "activations": _activations,
    "losses": _losses,
    "lectures": _lectures,
}
_COLUMNS = {
    "surfaces": ("key", "title", "formula"),
    "optimizers": ("key", "title", "meaning"),
    "datasets": ("key", "title", "meaning"),
    "activations": ("key", "title"),
    "losses": ("key", "title"),
    "lectures": ("key", "title"),
}
