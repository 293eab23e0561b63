"""The surfaces that gdviz offers, by key.

Their minima are all those inside the bounds, except where there are dozens of local ones: rastrigin, ackley, levy and
plateau declare the global one alone.
"""

from __future__ import annotations

from gdviz.descent.data_losses import HOURS_AND_GRADES, RED_AND_GREEN
from gdviz.descent.surface import Surface
from gdviz.descent.surfaces.bells import BELLS
from gdviz.descent.surfaces.polynomial import POLYNOMIAL
from gdviz.descent.surfaces.quadratic import QUADRATIC
from gdviz.descent.surfaces.separable import SEPARABLE
from gdviz.descent.surfaces.waves import WAVES

# From the simple to the strange; a choice shows them in this order, whatever family they come from.
_ORDER = (
    *("bowl", "valley", "saddle", "sine_saddle", "monkey_saddle", "two_wells", "hills", "plateau", "ecliptic_bowl"),
    *("rosenbrock", "himmelblau", "beale", "booth", "matyas", "three_hump_camel", "six_hump_camel"),
    *("styblinski_tang", "goldstein_price", "rastrigin", "ackley", "levy", "griewank", "easom", "peaks"),
    *("distill_momentum", "parabola", "double_well", "line_mse", "perceptron_bce"),
)
_FAMILIES = (*QUADRATIC, *SEPARABLE, *POLYNOMIAL, *BELLS, *WAVES, HOURS_AND_GRADES.surface, RED_AND_GREEN.surface)
_BY_KEY = {surface.key: surface for surface in _FAMILIES}

SURFACES: dict[str, Surface] = {key: _BY_KEY[key] for key in _ORDER}


def surface(key: str) -> Surface:
    """A surface by key.

    Raises:
        ValueError: there is none of that key; the message lists those there are.
    """
    try:
        return SURFACES[key]
    except KeyError:
        raise ValueError(f"there is no surface {key!r}; there are {', '.join(SURFACES)}") from None
