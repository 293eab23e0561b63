"""A view box that the wheel cannot lose what it shows from."""

from __future__ import annotations

import math

import pyqtgraph as pg


class ZoomBox(pg.ViewBox):
    """A view box without pyqtgraph's menu, in which zooming has limits."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self._whole = (1.0, 1.0)
        self._limits = (0.0, math.inf)

    def limit_zoom(self, width: float, height: float, *, closest: float, farthest: float) -> None:
        """Show no less and no more; pyqtgraph's ``setLimits`` loses the view where the aspect is locked.

        Args:
            width: of the whole.
            height: of the whole.
            closest: the least share of it that zooming shows in the direction that shows more.
            farthest: the most, so many times the whole.
        """
        self._whole, self._limits = (width, height), (closest, farthest)

    def scaleBy(self, s=None, center=None, x=None, y=None) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own
        """Zoom as far as the limits, in both directions where the aspect is locked; None leaves a direction alone."""
        factors = (x, y) if s is None else (s[0], s[1])
        if self.state["aspectLocked"]:
            factors = (next((each for each in factors if each is not None), None),) * 2
        shown = self.viewRect()
        shares = (shown.width() / self._whole[0], shown.height() / self._whole[1])
        share = max((each for each, factor in zip(shares, factors, strict=True) if factor is not None), default=1.0)
        least, most = self._limits
        limited = (None if each is None else min(max(each * share, least), most) / share for each in factors)
        super().scaleBy(tuple(limited), center)
