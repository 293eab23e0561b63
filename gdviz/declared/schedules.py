"""Every learning-rate schedule's settings, under Keras's argument names where Keras has it."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from gdviz.declared.declaration import Declaration
from gdviz.declared.parameter import Parameter, Value


@dataclass(frozen=True, kw_only=True)
class ScheduleDeclaration(Declaration):
    """What can be set on a schedule; the learning rate it starts from is the optimizer's own."""


class ScheduleSpec(msgspec.Struct, frozen=True):
    """A learning-rate schedule with the settings that differ from its defaults."""

    key: str = "constant"
    settings: dict[str, float | int | bool | str] = {}

    @property
    def declaration(self) -> ScheduleDeclaration:
        """What can be set on it; ValueError where the key is unknown."""
        return schedule(self.key)

    def values(self) -> dict[str, Value]:
        """All settings by name, defaults included; ValueError where one is not allowed."""
        return self.declaration.check(self.settings)

    def with_setting(self, name: str, value: Value) -> ScheduleSpec:
        """The same schedule with one setting changed; ValueError where it is not allowed."""
        return ScheduleSpec(self.key, {**self.settings, name: self.declaration.parameter(name).check(value)})

    def keras_arguments(self, learning_rate: float, steps: int) -> dict[str, object]:
        """Arguments that make Keras's class of ``keras_name`` this schedule; empty where Keras has none.

        Args:
            learning_rate: the optimizer's.
            steps: how many are to be made; a piecewise constant schedule must list its boundaries so far.
        """
        values = self.values()
        if self.declaration.keras_name is None:
            return {}
        if self.key == "step":
            every, factor = int(values["every"]), float(values["factor"])
            # In Keras a boundary still belongs to the value before it.
            boundaries = list(range(every - 1, max(steps, every), every))
            return {
                "boundaries": boundaries,
                "values": [learning_rate * factor**number for number in range(len(boundaries) + 1)],
            }
        if self.key == "cosine" and not values["warmup_target"]:
            values = {name: value for name, value in values.items() if not name.startswith("warmup")}
        return {"initial_learning_rate": learning_rate, **values}


def schedule(key: str) -> ScheduleDeclaration:
    """The declaration of a schedule by key; ValueError, with the keys there are, where it is unknown."""
    try:
        return SCHEDULES[key]
    except KeyError:
        raise ValueError(f"there is no schedule {key!r}; there are {', '.join(SCHEDULES)}") from None


def _steps(name: str, default: int, meaning: str, minimum: int = 1) -> Parameter:
    return Parameter(name, default, meaning, kind="integer", minimum=minimum, logarithmic=minimum > 0)


_STAIRCASE = Parameter("staircase", False, "fall in stairs, one every decay_steps, rather than smoothly", kind="flag")

SCHEDULES: dict[str, ScheduleDeclaration] = {
    declaration.key: declaration
    for declaration in (
        ScheduleDeclaration(key="constant", title="Constant", meaning="the same learning rate at every step"),
        ScheduleDeclaration(
            key="step",
            title="Steps",
            meaning="falls by a factor every so many steps",
            parameters=(
                _steps("every", 200, "steps from one fall to the next"),
                Parameter("factor", 0.5, "what the learning rate is multiplied by", minimum=0.0, maximum=1.0),
            ),
            keras_name="PiecewiseConstantDecay",
        ),
        ScheduleDeclaration(
            key="exponential",
            title="Exponential",
            meaning="falls by the same share each step",
            parameters=(
                _steps("decay_steps", 200, "steps in which it falls by the factor decay_rate"),
                Parameter("decay_rate", 0.5, "factor of decay_steps steps", minimum=0.0, open_minimum=True),
                _STAIRCASE,
            ),
            keras_name="ExponentialDecay",
        ),
        ScheduleDeclaration(
            key="cosine",
            title="Cosine with warm-up",
            meaning="rises along a line if told to, then falls along half a cosine",
            parameters=(
                _steps("decay_steps", 1000, "steps of the fall"),
                Parameter("alpha", 0.0, "share of the learning rate that is left in the end", minimum=0.0, maximum=1.0),
                Parameter("warmup_target", 0.0, "learning rate to rise to first; 0 is no warm-up", minimum=0.0),
                _steps("warmup_steps", 0, "steps of the rise", minimum=0),
            ),
            keras_name="CosineDecay",
            source="Loshchilov & Hutter 2017",
        ),
        ScheduleDeclaration(
            key="inverse_time",
            title="Inverse time",
            meaning="falls like one over the number of steps",
            parameters=(
                _steps("decay_steps", 200, "steps that count as one unit of time"),
                Parameter("decay_rate", 1.0, "how much a unit of time adds to the divisor", minimum=0.0),
                _STAIRCASE,
            ),
            keras_name="InverseTimeDecay",
        ),
        ScheduleDeclaration(
            key="one_cycle",
            title="One cycle",
            meaning="rises along a line to the learning rate, then falls along half a cosine to almost nothing",
            parameters=(
                _steps("total_steps", 1000, "steps of the rise and the fall together"),
                Parameter("rise", 0.3, "share of the steps that goes up", minimum=0.0, maximum=1.0, open_maximum=True),
                Parameter("start_divisor", 25.0, "the first learning rate is so many times smaller", minimum=1.0),
                Parameter("end_divisor", 1e4, "the last one is so many times smaller", minimum=1.0, logarithmic=True),
            ),
            source="Smith & Topin 2018, with the cosine fall that later became usual",
        ),
    )
}
