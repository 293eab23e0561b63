"""What is being typed, remembered from one opening of the dialog to the next, and from one start to the next."""

from __future__ import annotations

import msgspec

from gdviz.gui.descent.formula.own_surfaces import OwnSurface
from gdviz.gui.settings import read_text, settings

_KEY = "descent/formula_draft"


def save_draft(draft: OwnSurface) -> None:
    """Remember a surface that may not be finished."""
    settings().setValue(_KEY, msgspec.json.encode(draft).decode())


def read_draft() -> OwnSurface | None:
    """What was remembered; None where nothing was, or nothing that can be read."""
    try:
        return msgspec.json.decode(read_text(_KEY, ""), type=OwnSurface)
    except msgspec.MsgspecError:
        return None
