"""One naming: a formula may be written in x and y, axes, fields and tables name the parameters."""

from __future__ import annotations

import re

from gdviz.gui.widgets.plot import Plot

NO_SECOND = "no second parameter"
_PARAMETERS = {"x": "w0", "y": "w1"}


def in_parameters(formula: str) -> str:
    """A formula in w0 and w1."""
    return re.sub(r"\b[xy]\b", lambda found: _PARAMETERS[found.group()], formula)


def name_axes(plot: Plot, dimensions: int) -> None:
    """Name the axes of a picture from above; of a loss of one parameter nothing is measured upwards."""
    plot.label("w0", "w1" if dimensions > 1 else NO_SECOND)
    plot.getAxis("left").setStyle(showValues=dimensions > 1)
