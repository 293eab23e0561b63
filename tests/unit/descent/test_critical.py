"""Points without slope, against those that are known."""

from __future__ import annotations

import numpy as np
import pytest

from gdviz.descent.catalog import SURFACES, surface
from gdviz.descent.critical import critical_points


def has(points, w, tolerance=1e-3) -> bool:
    return bool(len(points)) and float(np.hypot(*(points - np.asarray(w)).T).min()) < tolerance


@pytest.mark.parametrize("key", [key for key in SURFACES if SURFACES[key].dimensions == 2])
def test_known_minima_are_found_and_what_is_found_is_flat(key):
    on = surface(key)
    found = critical_points(on)
    with np.errstate(all="ignore"):
        smooth = [m for m in on.minima if np.linalg.eigvalsh(on.hessian(np.array(m.w)))[0] > 1e-9]
    for minimum in smooth:
        assert has(found.minima, minimum.w, 1e-3 * on.bounds.diagonal), (key, minimum)
    for points in (found.minima, found.saddles, found.maxima):
        if len(points):
            assert np.abs(on.gradient(points)).max() < 1e-3


@pytest.mark.parametrize(
    ("key", "saddles", "maxima"),
    [
        ("bowl", 0, 0),
        ("saddle", 1, 0),
        ("monkey_saddle", 1, 0),
        ("two_wells", 1, 0),
        ("himmelblau", 4, 1),
        ("three_hump_camel", 2, 0),
        ("booth", 0, 0),
    ],
)
def test_saddles_and_maxima_are_counted(key, saddles, maxima):
    found = critical_points(surface(key))
    assert (len(found.saddles), len(found.maxima)) == (saddles, maxima)


def test_saddle_of_the_saddle_is_in_the_middle():
    assert has(critical_points(surface("saddle")).saddles, (0.0, 0.0))
    assert has(critical_points(surface("monkey_saddle")).saddles, (0.0, 0.0), 0.05)


def test_it_ends_when_nobody_waits_any_more():
    asked = []

    def enough() -> bool:
        asked.append(True)
        return len(asked) == 2

    critical_points(surface("rastrigin"), enough)
    assert len(asked) == 2
