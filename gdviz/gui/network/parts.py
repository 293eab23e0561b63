"""The parts that tab 2 is made of, besides points, canvas and training itself."""

from __future__ import annotations

from gdviz.gui.network.code.part import CodePart
from gdviz.gui.network.compare.part import ComparePart
from gdviz.gui.network.compare.runs_part import RunsPart
from gdviz.gui.network.data_part import DataPart
from gdviz.gui.network.diagram.part import DiagramPart
from gdviz.gui.network.metrics.coach_part import CoachPart
from gdviz.gui.network.metrics.part import MetricsPart
from gdviz.gui.network.mistakes import Mistakes
from gdviz.gui.network.part import Part
from gdviz.gui.network.questions import Questions
from gdviz.gui.network.tools import Tools
from gdviz.gui.network.views.part import ViewsPart

PARTS: tuple[type[Part], ...] = (
    MetricsPart,
    CoachPart,
    Tools,
    Questions,
    Mistakes,
    DiagramPart,
    ViewsPart,
    CodePart,
    RunsPart,
    ComparePart,
    DataPart,
)
"""In the order in which they hear of states and frames."""
