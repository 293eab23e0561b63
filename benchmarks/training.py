"""Epochs a second of the compiled loop, driven as `gdviz train` drives it, against `model.fit` on the same Keras
model, points and batches in the same process: 2-8-8-1 tanh, 250 points, batch 10, SGD. Neither computes test figures;
compiling and the first epochs do not count; three pairs in turn, the median of their ratios.
"""

from __future__ import annotations

import statistics
import time

from benchmarks.result import Result
from gdviz.declared.optimizers import OptimizerSpec
from gdviz.network.datasets import dataset
from gdviz.network.spec import NetworkSpec, TrainingSpec

POINTS = 250
FIT_EPOCHS = 20
LOOP_SECONDS = 3.0
BATCHES_AT_ONCE = 10_000


def measure() -> list[Result]:
    """Ours over model.fit's."""
    from gdviz.training.runtime import start_tensorflow

    start_tensorflow()
    from gdviz.training.compiler import Compiler
    from gdviz.training.model import build_model
    from gdviz.training.session import Session

    points = dataset("circle").make(POINTS, 0.0, 0)
    network = NetworkSpec()
    training = TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 0.03}), batch_size=10, test_fraction=0.0)
    compiler = Compiler()
    session = Session(network, training, points, compiler)
    compiler.now(session.structure)
    session.advance(BATCHES_AT_ONCE)
    model = build_model(network, seed=0)
    model.compile(optimizer="sgd", loss="binary_crossentropy", metrics=["accuracy"])
    x, y = points.xy.astype("float32"), points.labels.astype("float32")
    model.fit(x, y, batch_size=10, epochs=2, verbose=0)

    pairs = []
    for _ in range(3):
        epoch, begin = session.epoch, time.perf_counter()
        while time.perf_counter() < begin + LOOP_SECONDS:
            session.advance(BATCHES_AT_ONCE)
        ours = (session.epoch - epoch) / (time.perf_counter() - begin)
        begin = time.perf_counter()
        model.fit(x, y, batch_size=10, epochs=FIT_EPOCHS, verbose=0)
        pairs.append((ours, FIT_EPOCHS / (time.perf_counter() - begin)))
    ratio = statistics.median(ours / fit for ours, fit in pairs)
    ours, fit = (statistics.median(column) for column in zip(*pairs, strict=True))
    text = f"{ratio:.0f}x ({ours:,.0f} and {fit:.1f} epochs/s)"
    return [Result("training against `model.fit`", "200x", text, ratio >= 200)]
