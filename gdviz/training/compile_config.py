"""What a ``.keras`` file says of training: optimizer, learning-rate schedule and loss, as specs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import msgspec
import numpy as np

from gdviz.declared.declaration import Declaration
from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.declared.parameter import Value
from gdviz.declared.schedules import SCHEDULES, ScheduleSpec
from gdviz.network.spec import HEAD_LOSSES, LOSSES, NetworkSpec, TrainingSpec, check


class Made(msgspec.Struct):
    """Something that Keras can make again: its class, and what with."""

    class_name: str
    config: Any = None


class _Compiled(msgspec.Struct):
    optimizer: Made
    loss: str | Made


def training_of(compile_config: Any, network: NetworkSpec) -> TrainingSpec | None:
    """Optimizer, schedule and loss that a model was compiled with, as JSON has them.

    Returns:
        None where it was not compiled, or with something that this program does not have.
    """
    try:
        compiled = msgspec.convert(compile_config, _Compiled)
        optimizer, schedule = _optimizer(compiled.optimizer)
        loss = _loss(compiled.loss)
        training = TrainingSpec(optimizer, "" if loss == HEAD_LOSSES[network.head][0] else loss, schedule=schedule)
        check(network, training)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return training


def _optimizer(made: Made) -> tuple[OptimizerSpec, ScheduleSpec]:
    config, schedule = dict(made.config), ScheduleSpec()
    if isinstance(config["learning_rate"], Mapping):
        config["learning_rate"], schedule = _schedule(msgspec.convert(config["learning_rate"], Made))
    config["learning_rate"] = _short(config["learning_rate"])
    specs = []
    for key, declaration in OPTIMIZERS.items():
        if declaration.keras_name == made.class_name:
            usual = getattr(keras.optimizers, made.class_name)(**(declaration.fixed or {})).get_config()
            settings = _settings(config, declaration, usual)
            specs += [] if settings is None else [OptimizerSpec(key, settings)]
    # The most special one: Momentum, rather than SGD with momentum.
    return min(specs, key=lambda spec: len(spec.settings)), schedule


def _settings(config: Mapping[str, Any], declaration: Declaration, usual: Mapping[str, Any]) -> dict[str, Value] | None:
    """Settings that differ from the declared defaults; None where one is not as usual that is not declared."""
    declared = {parameter.name: parameter for parameter in declaration.parameters}
    settings: dict[str, Value] = {}
    for name, value in config.items():
        if name in declared:
            checked = declared[name].check(0.0 if value is None else value)
            if checked != declared[name].default:
                settings[name] = checked
        elif name != "name" and value != usual.get(name):
            return None
    return settings


def _schedule(made: Made) -> tuple[float, ScheduleSpec]:
    """The learning rate at the start, and how it goes on."""
    (key,) = (key for key, declaration in SCHEDULES.items() if declaration.keras_name == made.class_name)
    config = {name: value for name, value in made.config.items() if name != "name" and value is not None}
    if key != "step":
        return config.pop("initial_learning_rate"), ScheduleSpec(key, config)
    boundaries, rates = config["boundaries"], config["values"]
    spec = ScheduleSpec(key, {"every": boundaries[0] + 1, "factor": _short(rates[1] / rates[0])})
    again = spec.keras_arguments(rates[0], boundaries[-1] + 2)
    if again["boundaries"] != boundaries or not np.allclose(again["values"], rates):  # type: ignore[arg-type]
        raise ValueError("the steps are not all alike")
    return rates[0], spec


def _loss(made: str | Made) -> str:
    """A key of ``LOSSES``."""
    name = made if isinstance(made, str) else made.config if made.class_name == "function" else made.class_name
    if not isinstance(name, str):
        raise TypeError("the loss has no name")
    loss = keras.losses.get(name)  # a class where the name is one
    if isinstance(made, Made) and isinstance(loss, keras.losses.Loss):
        usual = {**loss.get_config(), "name": made.config["name"]}
        if made.config != usual:
            raise ValueError(f"{name} is not as usual")
    keys = {keras.losses.get(key): key for key in LOSSES}
    return keys[loss.fn if isinstance(loss, keras.losses.Loss) else loss]


def _short(value: float) -> float:
    """The shortest number that is the same in 32 bits: Keras writes 0.01 as 0.009999999776482582."""
    return float(str(np.float32(value)))
