"""One naming: a formula may be written in x and y, axes, fields and tables name the parameters."""

from __future__ import annotations

import re

_PARAMETERS = {"x": "w0", "y": "w1"}


def in_parameters(formula: str) -> str:
    """A formula in w0 and w1."""
    return re.sub(r"\b[xy]\b", lambda found: _PARAMETERS[found.group()], formula)
