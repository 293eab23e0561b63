"""The part of a script that builds the model."""

from __future__ import annotations

import numpy as np

from gdviz.network.script.layout import Group, call, laid_out, listed
from gdviz.network.spec import NetworkSpec

_SEEDLESS = ("zeros", "ones")
_PENALTY = "penalty"


def model_lines(network: NetworkSpec, seed: int) -> list[str]:
    """The model, with the initial weights that gdviz gives it."""
    # As many seeds, and in the same order, as gdviz.training.model draws.
    seeds = iter(np.random.SeedSequence(seed).generate_state(2 * len(network.hidden) + 1).tolist())
    layers: list[Group | str] = [f"keras.Input(({len(network.features)},))"]
    for layer in network.hidden:
        layers.append(_dense(network, layer.units, layer.activation, layer.initializer, next(seeds)))
        dropout_seed = next(seeds)
        if layer.dropout:
            layers.append(call("layers.Dropout", repr(layer.dropout), seed=str(dropout_seed)))
    units = 2 if network.head == "softmax" else 1
    layers.append(_dense(network, units, network.head, network.initializer, next(seeds)))
    return [
        "# The model; the seeds give the initial weights",
        *_penalty_lines(network),
        *laid_out(call("keras.Sequential", listed(layers, tall=True)), "model = "),
    ]


def _dense(network: NetworkSpec, units: int, activation: str, initializer: str, seed: int) -> Group:
    positional = [str(units)] if activation == "linear" else [str(units), f'"{activation}"']
    named: dict[str, str | Group] = {}
    if initializer in _SEEDLESS:
        named["kernel_initializer"] = f'"{initializer}"'
    else:
        name = "".join(word.capitalize() for word in initializer.split("_"))
        named["kernel_initializer"] = call(f"initializers.{name}", seed=str(seed))
    if network.l1 or network.l2:
        named["kernel_regularizer"] = _PENALTY
    return call("layers.Dense", *positional, **named)


def _penalty_lines(network: NetworkSpec) -> list[str]:
    strengths = {name: repr(value) for name, value in (("l1", network.l1), ("l2", network.l2)) if value}
    if not strengths:
        return []
    return laid_out(call("regularizers." + "".join(strengths).upper(), **strengths), f"{_PENALTY} = ")
