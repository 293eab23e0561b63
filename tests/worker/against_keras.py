"""Training as Keras does it by itself, for tests to compare with."""

from __future__ import annotations

from functools import cache

import keras
import numpy as np
from numpy.testing import assert_allclose

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.network.features import Scaling
from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec, TrainingSpec, loss_of
from gdviz.training.loop import Loop, Result, Structure, initial_state
from gdviz.training.model import build_model, build_optimizer
from gdviz.training.state import Data, Plan, Settings

EPOCHS = 20
BATCH = 10
SEED = 11


def training_spec(key: str = "sgd", loss: str = "", **settings: float) -> TrainingSpec:
    return TrainingSpec(OptimizerSpec(key, {"learning_rate": 0.05, **settings}), loss, BATCH)


@cache
def compiled(structure: Structure) -> Loop:
    return structure.compiled()


def data_of(
    network: NetworkSpec, points: Points, test: np.ndarray, structure: Structure, scaling: Scaling | None = None
) -> Data:
    return Data.of(network, points, test, structure.capacity, scaling or Scaling())


def shuffled(train: np.ndarray, epochs: int = EPOCHS, size: int = BATCH, rate: float = 0.05) -> Plan:
    rng = np.random.default_rng(5)
    batches = []
    for _ in range(epochs):
        order = rng.permutation(train)
        batches.append(np.concatenate([order, np.full(-len(order) % size, -1)]).reshape(-1, size))
    steps = len(batches[0])
    ends = np.tile(np.arange(1, steps + 1) == steps, epochs)
    return Plan(np.concatenate(batches).astype(np.int32), ends, np.full(len(ends), rate, np.float32))


def trained(
    network: NetworkSpec,
    training: TrainingSpec,
    points: Points,
    test: np.ndarray,
    plan: Plan,
    *,
    compile: bool = True,
    scaling: Scaling | None = None,
) -> Result:
    structure = Structure.of(network, training, len(points))
    loop = compiled(structure) if compile else Loop(structure)
    state = initial_state(network, SEED)
    data = data_of(network, points, test, structure, scaling)
    return loop.run(state, data, plan, Settings.of(network, training))


def keras_targets(network: NetworkSpec, points: Points) -> np.ndarray:
    if network.regression:
        return points.values.astype(np.float32)[:, None]
    green = points.labels.astype(np.float32)
    return green[:, None] if network.head == "sigmoid" else np.stack([1 - green, green], axis=1)


def keras_model(network: NetworkSpec, training: TrainingSpec, scaling: Scaling | None = None) -> keras.Model:
    model = build_model(network, SEED, scaling=scaling)
    model.compile(
        build_optimizer(training.optimizer),
        loss=loss_of(network, training),
        metrics=[] if network.regression else ["accuracy"],
        jit_compile=False,  # for so few batches XLA takes longer to compile than it saves
    )
    return model


def keras_trained(
    network: NetworkSpec, training: TrainingSpec, points: Points, plan: Plan, scaling: Scaling | None = None
) -> keras.Model:
    model = keras_model(network, training, scaling)
    x, y = points.xy.astype(np.float32), keras_targets(network, points)
    for batch in plan.batches:
        present = batch[batch >= 0]
        model.train_on_batch(x[present], y[present])
    return model


def assert_same_weights(result: Result, model: keras.Model) -> None:
    for ours, theirs in zip(result.state.weights, model.get_weights(), strict=True):
        assert_allclose(ours.numpy(), theirs, rtol=1e-4, atol=1e-5)
