"""What a ``.keras`` file says of a network, as a spec; nothing of it is made here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import msgspec
from msgspec.structs import replace

from gdviz.network.features import Scaling
from gdviz.network.spec import ACTIVATIONS, INITIALIZERS, SCALINGS, Layer, NetworkSpec

_MODULES = ("keras", "builtins")
_STRANGE = (
    "bias_regularizer",
    "activity_regularizer",
    "kernel_constraint",
    "bias_constraint",
    "quantization_config",
    "lora_rank",
)
_OF_FEATURES = ("Split", "Sin", "Multiply", "Identity", "Concatenate")
_HEADS = {("sigmoid", 1): "sigmoid", ("softmax", 2): "softmax", ("linear", 1): "linear"}


class UnfitError(ValueError):
    """Something of a model that this program does not have; a sentence for people."""


class Made(msgspec.Struct):
    """Something that Keras can make again: its class, and what with."""

    class_name: str
    config: Any = None


class _Layers(msgspec.Struct):
    layers: list[Made]


class ModelConfig(msgspec.Struct):
    """A whole model: its layers, and what it was compiled with."""

    class_name: str
    config: _Layers
    compile_config: Any = None


class _Dense(msgspec.Struct):
    units: int
    activation: str | Made
    kernel_initializer: Made
    bias_initializer: Made
    use_bias: bool = True
    trainable: bool = True
    dtype: str | Made = "float32"
    kernel_regularizer: Made | None = None
    bias_regularizer: Any = None
    activity_regularizer: Any = None
    kernel_constraint: Any = None
    bias_constraint: Any = None
    quantization_config: Any = None
    lora_rank: Any = None


def parsed(text: bytes) -> ModelConfig:
    """The contents of ``config.json``.

    Raises:
        UnfitError: it has objects that Keras itself does not have.
        ValueError: it is no such file.
    """
    for made in _all_made(msgspec.json.decode(text)):
        name, module, registered = made["class_name"], made.get("module"), made.get("registered_name")
        foreign = module is not None and str(module).split(".")[0] not in _MODULES
        if foreign or registered not in (None, name):
            raise UnfitError(f"It has a {name} that is not Keras's own.")
    return msgspec.json.decode(text, type=ModelConfig)


def network_of(config: ModelConfig) -> tuple[NetworkSpec, Scaling]:
    """The architecture, and how it scales x1 and x2; UnfitError where this program has none like it."""
    if config.class_name not in ("Sequential", "Functional", "Model"):
        raise UnfitError(f"It is of the kind {config.class_name}.")
    first, *others = config.config.layers or [Made("nothing")]
    if first.class_name != "InputLayer":
        raise UnfitError(f"Its first layer is of the kind {first.class_name}, not an input.")
    shape = tuple(first.config["batch_shape"][1:])
    if shape != (2,):
        raise UnfitError(f"Its input has the shape {shape}.")
    dense = next((index for index, made in enumerate(others) if made.class_name == "Dense"), len(others))
    features, kind, scaling = _inputs(others[:dense])
    return replace(_stacked(others[dense:], dense), features=features, scaling=kind), scaling


def _inputs(layers: list[Made]) -> tuple[tuple[str, ...], str, Scaling]:
    """Features, and kind and numbers of the scaling, from what ``save_model`` puts before the first Dense layer."""
    kind, scaling = "none", Scaling()
    if layers and layers[0].class_name == "Normalization":
        made = layers.pop(0)
        kind = str(made.config["name"]).removeprefix("scaling_")
        kind = kind if kind in SCALINGS else "standard"
        if made.config["invert"] or made.config["mean"] is None:
            raise UnfitError("It has a Normalization without a mean of its own.")
        shift, factor = made.config["mean"], [variance**-0.5 for variance in made.config["variance"]]
        scaling = Scaling((float(shift[0]), float(shift[1])), (float(factor[0]), float(factor[1])))
    if not layers:
        return NetworkSpec().features, kind, scaling
    strange = next((made.class_name for made in layers if made.class_name not in _OF_FEATURES), "")
    if strange:
        raise UnfitError(f"Before its first Dense layer it has one of the kind {strange}.")
    return tuple(made.config["name"] for made in layers if made.class_name == "Identity"), kind, scaling


def _stacked(layers: list[Made], before_them: int) -> NetworkSpec:
    """Dense layers, each with what is behind it: an activation, then dropout."""
    denses: list[_Dense] = []
    stack: list[Layer] = []
    before = ""
    for number, made in enumerate(layers, start=before_them + 1):
        where = f"layer {number}"
        if made.class_name == "Dense":
            denses.append(msgspec.convert(made.config, _Dense))
            stack.append(_layer(denses[-1], where))
        elif made.class_name == "Activation" and before == "Dense" and stack[-1].activation == "linear":
            stack[-1] = replace(stack[-1], activation=_activation(made.config["activation"], where))
        elif made.class_name == "Dropout" and before in ("Dense", "Activation"):
            stack[-1] = replace(stack[-1], dropout=float(made.config["rate"]))
            if made.config.get("noise_shape") is not None:
                raise UnfitError(f"The dropout of {where} has a noise_shape.")
        else:
            raise UnfitError(f"{where.capitalize()}, behind {before}, is of the kind {made.class_name}.")
        before = made.class_name
    if not stack:
        raise UnfitError("It has no Dense layer.")
    *hidden, output = stack
    head = _HEADS.get((output.activation, output.units))
    if head is None or output.dropout:
        then = " and Dropout" if output.dropout else ""
        raise UnfitError(f"It ends with a Dense layer of {output.units} with activation {output.activation}{then}.")
    l1, l2 = _regularisation(denses)
    return NetworkSpec(tuple(hidden), head, output.initializer, l1, l2)


def _layer(dense: _Dense, where: str) -> Layer:
    """Units, activation and initialiser of a Dense layer that has nothing else."""
    if not dense.use_bias:
        raise UnfitError(f"{where.capitalize()} has no bias.")
    if not dense.trainable:
        raise UnfitError(f"{where.capitalize()} is frozen.")
    dtype = dense.dtype if isinstance(dense.dtype, str) else dense.dtype.config["name"]
    if dtype != "float32":
        raise UnfitError(f"{where.capitalize()} computes in {dtype}, not float32.")
    for name in _STRANGE:
        if getattr(dense, name) is not None:
            raise UnfitError(f"{where.capitalize()} has a {name}.")
    if dense.bias_initializer.class_name != "Zeros":
        raise UnfitError(f"Biases of {where} are initialised by {dense.bias_initializer.class_name}, not Zeros.")
    activation = _activation(dense.activation, where)
    return Layer(dense.units, activation, initializer=_initializer(dense.kernel_initializer, where))


def _activation(activation: str | Made, where: str) -> str:
    names = {keras.activations.serialize(keras.activations.get(key)): key for key in [*ACTIVATIONS, "softmax"]}
    name = activation if isinstance(activation, str) else activation.class_name
    if name not in names:
        raise UnfitError(f"{where.capitalize()} has the activation {name}; allowed are {', '.join(ACTIVATIONS)}.")
    return names[name]


def _initializer(made: Made, where: str) -> str:
    for key in INITIALIZERS:
        usual = keras.initializers.get(key)
        if type(usual).__name__ == made.class_name:
            settings = {**usual.get_config(), **made.config}
            if all(value == settings[name] for name, value in usual.get_config().items() if name != "seed"):
                return key
            raise UnfitError(f"The initialiser {made.class_name} of {where} has settings of its own.")
    raise UnfitError(
        f"{where.capitalize()} has the initialiser {made.class_name}; allowed are {', '.join(INITIALIZERS)}."
    )


def _regularisation(denses: list[_Dense]) -> tuple[float, float]:
    """L1 and L2, the same for all layers."""
    strengths = {_strengths(dense.kernel_regularizer) for dense in denses}
    if len(strengths) > 1:
        raise UnfitError("Its Dense layers are not all regularised alike.")
    return strengths.pop()


def _strengths(made: Made | None) -> tuple[float, float]:
    if made is None:
        return 0.0, 0.0
    if made.class_name not in ("L1", "L2", "L1L2"):
        raise UnfitError(f"It is regularised by {made.class_name}; allowed are L1 and L2.")
    l1, l2 = (float(made.config.get(name, 0.0)) for name in ("l1", "l2"))
    return l1, l2


def _all_made(value: Any) -> Iterator[dict[str, Any]]:
    """All objects within a JSON value."""
    if isinstance(value, dict):
        if "class_name" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _all_made(each)
