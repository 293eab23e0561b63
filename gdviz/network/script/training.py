"""The part of a script that trains the model, and says how well it did."""

from __future__ import annotations

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.network.script.layout import Group, call, laid_out, listed
from gdviz.network.spec import NetworkSpec, TrainingSpec, loss_of

_ONE_CYCLE = '''\
class OneCycle(optimizers.schedules.LearningRateSchedule):
    """Rises along a line to the learning rate, then falls along half a cosine."""

    def __call__(self, step):
        done = keras.ops.minimum(keras.ops.cast(step, "float32") / {total_steps}, 1)
        fallen = keras.ops.maximum(done - {rise}, 0) / (1 - {rise})
        highest, lowest = {highest}, {highest} / {end_divisor}
        falling = lowest + (highest - lowest) * 0.5 * (1 + keras.ops.cos(np.pi * fallen))
{end}

    def get_config(self):
        return {{}}
'''
_FALLING = "        return falling"
_RISING = """\
        first = highest / {start_divisor}
        rising = first + (highest - first) * done / {rise}
        return keras.ops.where(done < {rise}, rising, falling)"""
_GOAL = '''\
class Goal(callbacks.Callback):
    """Stops training once it is good enough."""

    def on_epoch_end(self, epoch, logs=None):
        if {reached}:
            self.model.stop_training = True
'''
_OFF_BY_DEFAULT = ("alpha", "warmup_steps", "staircase")
_RATE = "learning_rate"


def classes(network: NetworkSpec, training: TrainingSpec) -> list[str]:
    """What Keras does not have, as the text of classes: a schedule, a goal."""
    found = []
    if training.schedule.key == "one_cycle":
        settings = {name: f"{value:.12g}" for name, value in training.schedule.values().items()}
        end = (_FALLING if settings["rise"] == "0" else _RISING).format(**settings)
        found.append(_ONE_CYCLE.format(highest=training.optimizer.learning_rate, end=end, **settings))
    reached = _reached(network, training)
    if reached:
        found.append(_GOAL.format(reached=reached))
    return found


def compile_lines(network: NetworkSpec, training: TrainingSpec, steps: int) -> list[str]:
    """Optimizer, loss and metrics; the learning rate is scheduled for so many steps."""
    named: dict[str, str | Group] = {
        "optimizer": _optimizer(training.optimizer, scheduled=training.schedule.key != "constant"),
        "loss": f'"{loss_of(network, training)}"',
    }
    if not network.regression:
        named["metrics"] = '["accuracy"]'
    return ["# How it learns", *_learning_rate_lines(training, steps), *laid_out(call("model.compile", **named))]


def fit_lines(network: NetworkSpec, training: TrainingSpec, epochs: int, *, tested: bool) -> list[str]:
    """Training itself."""
    x, y = ("x_train", "y_train") if tested else ("x", "y")
    named: dict[str, str | Group] = {
        "batch_size": str(training.batch_size) if training.batch_size else f"len({x})",
        "epochs": str(epochs),
    }
    if tested:
        named["validation_data"] = "(x_test, y_test)"
    watching: list[str | Group] = []
    if training.patience:
        monitor = {} if tested else {"monitor": '"loss"'}
        watching.append(
            call("callbacks.EarlyStopping", **monitor, patience=str(training.patience), restore_best_weights="True")
        )
    if _reached(network, training):
        watching.append("Goal()")
    if watching:
        named["callbacks"] = listed(watching)
    seed = f"keras.utils.set_random_seed({training.seed})"
    return ["# Training; the seed decides the shuffles", seed, *laid_out(call("model.fit", x, y, **named, verbose="2"))]


def result_lines(network: NetworkSpec, *, tested: bool) -> list[str]:
    """Loss and accuracy in the end."""
    measured = "loss" if network.regression else "loss, accuracy"
    said = "loss {loss:.4g}" + ("" if network.regression else ", accuracy {accuracy:.1%}")
    heading = "# What it has learned"
    if not tested:
        return [heading, f"{measured} = model.evaluate(x, y, verbose=0)", f'print(f"{said}")']
    return [
        heading,
        'for part, inputs, targets in (("training", x_train, y_train), ("test", x_test, y_test)):',
        f"    {measured} = model.evaluate(inputs, targets, verbose=0)",
        f'    print(f"{{part}}: {said}")',
    ]


def _learning_rate_lines(training: TrainingSpec, steps: int) -> list[str]:
    """The schedule of the learning rate; none where it is constant."""
    schedule, rate = training.schedule, training.optimizer.learning_rate
    match schedule.key:
        case "constant":
            return []
        case "one_cycle":
            return [f"{_RATE} = OneCycle()"]
        case "step":
            every, factor = int(schedule.values()["every"]), schedule.values()["factor"]
            falls = max(steps, every) // every
            # In Keras a boundary still belongs to the value before it.
            arguments = {
                "boundaries": f"list(range({every - 1}, {every * falls}, {every}))",
                "values": f"[{rate} * {factor}**falls for falls in range({falls + 1})]",
            }
        case _:
            given = schedule.keras_arguments(rate, steps)
            arguments = {name: repr(value) for name, value in given.items() if value or name not in _OFF_BY_DEFAULT}
    name = f"optimizers.schedules.{schedule.declaration.keras_name}"
    return laid_out(call(name, **arguments), f"{_RATE} = ")


def _optimizer(spec: OptimizerSpec, *, scheduled: bool) -> Group:
    """The optimizer with its learning rate, and what else differs from Keras's defaults."""
    name = str(spec.declaration.keras_name)
    usual = OPTIMIZERS[name.lower()].check({})
    settings = {**spec.values(), **(spec.declaration.fixed or {})}
    rate = settings.pop(_RATE)
    other = {key: repr(value) for key, value in settings.items() if value != usual[key]}
    return call(f"optimizers.{name}", **{_RATE: _RATE if scheduled else repr(rate)}, **other)


def _reached(network: NetworkSpec, training: TrainingSpec) -> str:
    """When training stops, as a condition; "" where it has no goal."""
    conditions = [f'logs["loss"] <= {training.goal_loss}'] if training.goal_loss else []
    if training.goal_accuracy and not network.regression:
        conditions.append(f'logs["accuracy"] >= {training.goal_accuracy}')
    return " or ".join(conditions)
