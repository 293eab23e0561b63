"""Models from files: what fits is read as it is, and everything else is refused in words."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras.optimizers import schedules
from numpy.testing import assert_allclose

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.declared.schedules import ScheduleSpec
from gdviz.network.features import FEATURES, Scaling
from gdviz.network.spec import ACTIVATIONS, HEAD_LOSSES, INITIALIZERS, Layer, NetworkSpec, TrainingSpec
from gdviz.training.compiler import Compiler
from gdviz.training.messages import Configure, Failed, Loaded, LoadModel, Saved, SaveModel, StepEpoch
from gdviz.training.model import build_model, save_model
from gdviz.training.model_file import read_model
from gdviz.training.session import Session
from tests.worker.conftest import CIRCLE, NETWORK, Listener, next_run, same

Dense, Dropout, Activation = keras.layers.Dense, keras.layers.Dropout, keras.layers.Activation
PLACES = np.random.default_rng(5).uniform(-6, 6, (200, 2)).astype(np.float32)
SMALL = NetworkSpec((Layer(2),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.keras"


@pytest.fixture
def saved(path: Path) -> Callable[..., Path]:
    """Saves a Keras model of layers behind an input of two; compiled where it is said how."""

    def save(*layers: Any, inputs: tuple[int, ...] = (2,), **compiled: Any) -> Path:
        model = keras.Sequential([keras.Input(inputs), *layers])
        if compiled:
            model.compile(**compiled)
        model.save(path)
        return path

    return save


def predictions(path: Path) -> np.ndarray:
    """Keras's own, of the file as it is."""
    return keras.models.load_model(path, compile=False).predict(PLACES, verbose=0)[:, -1]


def answers(loaded: Loaded) -> np.ndarray:
    """Ours, of what was read."""
    training = loaded.training or TrainingSpec()
    session = Session(loaded.network, training, CIRCLE, Compiler(), loaded.weights, loaded.scaling)
    return session.answers(PLACES)


def refused(path: Path) -> str:
    """What is said of it."""
    with pytest.raises(ValueError) as error:  # noqa: PT011
        read_model(path)
    return str(error.value)


# Our own ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "network",
    [
        NETWORK,
        NetworkSpec((), "softmax"),
        NetworkSpec((Layer(5, "relu", 0.25, "he_normal"), Layer(3, "swish")), l1=0.01, l2=0.002),
        NetworkSpec((Layer(4, "leaky_relu"),), "linear", "zeros", scaling="range"),
        NetworkSpec((Layer(6),), "softmax", features=tuple(FEATURES), scaling="standard"),
        NetworkSpec((Layer(6),), features=("sin_x2", "x1"), scaling="range"),
        NetworkSpec((Layer(6),), features=("x2_squared",)),
        NetworkSpec((Layer(6),), features=("x2", "x1"), scaling="standard"),
        NetworkSpec(tuple(Layer(3, key, initializer="ones") for key in list(ACTIVATIONS)[:8])),
        NetworkSpec(tuple(Layer(3, key, initializer="lecun_normal") for key in list(ACTIVATIONS)[8:])),
    ],
    ids=lambda network: f"{network.head}-{len(network.hidden)}-{len(network.features)}-{network.scaling}",
)
def test_what_was_saved_is_read_as_it_was(network: NetworkSpec, path: Path) -> None:
    training = TrainingSpec(OptimizerSpec("adam", {"learning_rate": 0.02}))
    session = Session(network, training, CIRCLE, Compiler())
    session.advance(3)
    session.save(path)
    loaded = read_model(path)
    assert (loaded.network, loaded.training) == (network, training)
    assert same(loaded.weights, session.weights)
    assert_allclose(loaded.scaling.shift, session.scaling.shift, rtol=1e-12)
    assert_allclose(loaded.scaling.factor, session.scaling.factor, rtol=1e-12)
    assert_allclose(answers(loaded), predictions(path), atol=1e-5)
    assert_allclose(answers(loaded), session.answers(PLACES), atol=1e-6)


@pytest.mark.parametrize("key", [key for key, declared in OPTIMIZERS.items() if declared.keras_name])
def test_every_optimizer_comes_back(key: str, path: Path) -> None:
    weights = [variable.numpy() for variable in build_model(SMALL, 0).trainable_variables]
    for settings in ({}, {"learning_rate": 0.07, "clipnorm": 1.5}):
        training = TrainingSpec(OptimizerSpec(key, settings))
        save_model(path, SMALL, training, weights, Scaling())
        assert read_model(path).training == training


@pytest.mark.parametrize(("head", "loss"), [(head, loss) for head, losses in HEAD_LOSSES.items() for loss in losses])
def test_every_loss_comes_back(head: str, loss: str, path: Path) -> None:
    network = NetworkSpec((), head)
    weights = [variable.numpy() for variable in build_model(network, 0).trainable_variables]
    save_model(path, network, TrainingSpec(loss=loss), weights, Scaling())
    training = read_model(path).training
    assert training is not None
    assert (training.loss or HEAD_LOSSES[head][0]) == loss


@pytest.mark.parametrize("key", INITIALIZERS)
def test_every_initializer_comes_back(key: str, saved: Callable[..., Path]) -> None:
    path = saved(Dense(3, "tanh", kernel_initializer=key), Dense(1, "sigmoid", kernel_initializer="he_uniform"))
    network = read_model(path).network
    assert (network.hidden[0].initializer, network.initializer) == (key, "he_uniform")


# Anybody's ----------------------------------------------------------------------------------------------------------


def test_a_model_of_plain_keras(saved: Callable[..., Path]) -> None:
    path = saved(
        Dense(5, "relu", kernel_initializer=keras.initializers.HeNormal(seed=3)),
        Dropout(0.5),
        Dense(4),
        Activation("elu"),
        Dense(1, activation="sigmoid"),
        optimizer=keras.optimizers.SGD(0.03, momentum=0.9),
        loss=keras.losses.BinaryCrossentropy(),
        metrics=["accuracy"],
    )
    loaded = read_model(path)
    hidden = (Layer(5, "relu", 0.5, "he_normal"), Layer(4, "elu"))
    assert loaded.network == NetworkSpec(hidden)
    assert loaded.training == TrainingSpec(OptimizerSpec("momentum", {"learning_rate": 0.03}))
    assert_allclose(answers(loaded), predictions(path), atol=1e-6)


def test_a_functional_model_that_was_trained(path: Path) -> None:
    x = keras.Input((2,))
    model = keras.Model(x, Dense(2, "softmax")(Dense(7, "mish")(x)))
    model.compile("adam", "mse")
    model.fit(CIRCLE.xy, np.eye(2)[CIRCLE.labels], epochs=2, verbose=0)
    model.save(path)
    loaded = read_model(path)
    assert loaded.network == NetworkSpec((Layer(7, "mish"),), "softmax")
    assert loaded.training == TrainingSpec(OptimizerSpec("adam"), "mean_squared_error")
    assert_allclose(answers(loaded), predictions(path), atol=1e-6)


@pytest.mark.parametrize(
    ("regularizer", "expected"),
    [
        (None, (0.0, 0.0)),
        (keras.regularizers.L1(0.25), (0.25, 0.0)),
        (keras.regularizers.L2(0.25), (0.0, 0.25)),
        (keras.regularizers.L1L2(0.25, 0.125), (0.25, 0.125)),
    ],
)
def test_regularisation_is_taken_over(regularizer: Any, expected: tuple[float, float], saved: Any) -> None:
    network = read_model(saved(Dense(1, "sigmoid", kernel_regularizer=regularizer))).network
    assert (network.l1, network.l2) == expected


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (schedules.ExponentialDecay(0.5, 100, 0.9, True), ("exponential", {"decay_steps": 100, "decay_rate": 0.9})),
        (schedules.InverseTimeDecay(0.5, 10, 2.0), ("inverse_time", {"decay_steps": 10, "decay_rate": 2.0})),
        (schedules.CosineDecay(0.5, 60, warmup_target=0.75, warmup_steps=5), ("cosine", {"warmup_target": 0.75})),
        (schedules.PiecewiseConstantDecay([99, 199, 299], [0.5, 0.25, 0.125, 0.0625]), ("step", {"every": 100})),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_schedules_are_taken_over(rate: Any, expected: tuple[str, dict[str, Any]], saved: Any) -> None:
    training = read_model(saved(Dense(1), optimizer=keras.optimizers.SGD(rate), loss="mse")).training
    assert training is not None
    assert training.optimizer == OptimizerSpec("sgd", {"learning_rate": 0.5})
    key, settings = expected
    assert training.schedule.key == key
    assert training.schedule.values().items() >= settings.items()
    schedule: ScheduleSpec = training.schedule
    again = getattr(schedules, schedule.declaration.keras_name)(**schedule.keras_arguments(0.5, 301))
    assert_allclose([again(step) for step in range(0, 300, 7)], [rate(step) for step in range(0, 300, 7)], rtol=1e-6)


@pytest.mark.parametrize(
    "compiled",
    [
        {},
        {"optimizer": keras.optimizers.SGD(use_ema=True), "loss": "mse"},
        {"optimizer": keras.optimizers.Adam(global_clipnorm=1.0), "loss": "mse"},
        {"optimizer": "muon", "loss": "mse"},
        {"optimizer": "sgd", "loss": "log_cosh"},
        {"optimizer": "sgd", "loss": "binary_crossentropy"},
        {"optimizer": "sgd", "loss": keras.losses.Huber(reduction="sum")},
        {"optimizer": keras.optimizers.SGD(schedules.PolynomialDecay(0.1, 10)), "loss": "mse"},
        {"optimizer": keras.optimizers.SGD(schedules.PiecewiseConstantDecay([9, 30], [3.0, 2.0, 1.0])), "loss": "mse"},
    ],
)
def test_training_that_we_do_not_have_is_left_out(compiled: dict[str, Any], saved: Callable[..., Path]) -> None:
    loaded = read_model(saved(Dense(1), **compiled))
    assert loaded.network == NetworkSpec((), "linear")
    assert loaded.training is None


# What does not fit --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        (
            [Dense(100, "relu"), Dense(1, "sigmoid")],
            "units is 100; allowed is a whole number at least 1 and at most 64",
        ),
        ([*(Dense(2) for _ in range(9)), Dense(1)], "9 hidden layers; allowed are 0 to 8"),
        ([Dense(3, "softmax")], "ends with a Dense layer of 3 with activation softmax"),
        ([Dense(2, "sigmoid")], "ends with a Dense layer of 2 with activation sigmoid"),
        ([Dense(1, "tanh")], "activation tanh"),
        ([Dense(1, "sigmoid"), Dropout(0.5)], "and Dropout"),
        ([Dropout(0.5), Dense(1, "sigmoid")], "Before its first Dense layer it has one of the kind Dropout"),
        ([Dense(2), Dropout(0.5), Dropout(0.5), Dense(1)], "Layer 3, behind Dropout, is of the kind Dropout"),
        ([Dense(4), keras.layers.BatchNormalization(), Dense(1)], "kind BatchNormalization"),
        ([Dense(4), keras.layers.Lambda(lambda x: x), Dense(1)], "kind Lambda"),
        ([keras.Sequential([Dense(4)]), Dense(1)], "kind Sequential"),
        ([Dense(4, "softmax"), Dense(1)], "activation is 'softmax'; allowed is one of linear, relu"),
        ([Dense(4, "log_sigmoid"), Dense(1)], "activation log_sigmoid; allowed are linear, relu"),
        ([Dense(4, keras.layers.LeakyReLU(0.5)), Dense(1)], "activation LeakyReLU; allowed are linear, relu"),
        ([Dense(4, use_bias=False), Dense(1)], "Layer 1 has no bias"),
        ([Dense(4, trainable=False), Dense(1)], "Layer 1 is frozen"),
        ([Dense(4, dtype="float64"), Dense(1)], "computes in float64"),
        ([Dense(4, kernel_constraint="non_neg"), Dense(1)], "kernel_constraint"),
        ([Dense(4, bias_regularizer="l2"), Dense(1)], "bias_regularizer"),
        ([Dense(4, kernel_regularizer="l2"), Dense(1)], "not all regularised alike"),
        ([Dense(1, kernel_regularizer="orthogonal_regularizer")], "regularised by OrthogonalRegularizer"),
        ([Dense(1, kernel_initializer="orthogonal")], "initialiser Orthogonal"),
        ([Dense(1, bias_initializer="ones")], "Biases of layer 1 are initialised by Ones"),
        ([Dense(1, kernel_initializer=keras.initializers.RandomNormal(stddev=3.0))], "settings of its own"),
        ([keras.layers.Rescaling(2.0), Dense(1)], "kind Rescaling"),
        ([keras.layers.Flatten()], "kind Flatten"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_fit_is_said_with_what_is_allowed(layers: list[Any], words: str, saved: Any) -> None:
    said = refused(saved(*layers))
    assert said.startswith("model.keras does not fit.")
    assert words in said
    assert "llowed" in said
    assert len(said) < 500


def test_pictures_are_no_points(path: Path) -> None:
    layers = [keras.layers.Conv2D(2, 3), keras.layers.Flatten(), Dense(1, "sigmoid")]
    keras.Sequential([keras.Input((8, 8, 1)), *layers]).save(path)
    assert "Its input has the shape (8, 8, 1)" in refused(path)
    keras.Sequential([keras.Input((3,)), Dense(1)]).save(path)
    assert "shape (3,)" in refused(path)


def test_layers_must_be_one_behind_the_other(path: Path) -> None:
    x, twice = keras.Input((2,)), Dense(2, "tanh")
    keras.Model(x, Dense(1)(twice(twice(x)))).save(path)
    assert "not one behind the other" in refused(path)
    keras.Model(x, Dense(1)(keras.layers.Add()([Dense(2)(x), Dense(2)(x)]))).save(path)
    assert "kind Add" in refused(path)
    keras.Model(x, [Dense(1)(x), Dense(1)(x)]).save(path)
    assert "does not fit" in refused(path)


def test_classes_of_somebodys_own_are_not_made(path: Path) -> None:
    @keras.saving.register_keras_serializable("theirs")
    class Dense(keras.layers.Dense):  # of the same name
        def __init__(self, *args: Any, **settings: Any) -> None:
            super().__init__(*args, **settings)
            made.append(self)

    made: list[keras.layers.Layer] = []
    keras.Sequential([keras.Input((2,)), Dense(1)]).save(path)
    made.clear()
    assert "It has a Dense that is not Keras's own" in refused(path)
    assert not made


# What is damaged, or worse ------------------------------------------------------------------------------------------


def changed(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The same file with other contents of one member."""
    with zipfile.ZipFile(path) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    members[name] = change(members.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return path


def test_a_file_that_was_cut_off(saved: Callable[..., Path]) -> None:
    path = saved(Dense(1, "sigmoid"))
    data = path.read_bytes()
    for length in (0, 1, 100, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:length])
        assert "is damaged, or no .keras file" in refused(path)


def test_damage_anywhere_is_refused_or_harmless(saved: Callable[..., Path]) -> None:
    path = saved(Dense(3, "tanh"), Dense(1, "sigmoid"), optimizer="adam", loss="mse")
    data, chance = path.read_bytes(), random.Random(2)
    for _ in range(60):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 20)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(damaged)
        with suppress(ValueError):
            read_model(path)


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b"null", b"{}", b'{"class_name": "Sequential"}', b"\xff\xfe", b"[" * 100_000, b"1e999"],
    ids=repr,
)
def test_a_description_that_is_none(text: bytes, saved: Callable[..., Path]) -> None:
    assert "is damaged" in refused(changed(saved(Dense(1)), "config.json", lambda _: text))


@pytest.mark.parametrize("value", [None, [], {}, "3", -1, 1e9, True])
@pytest.mark.parametrize("field", ["units", "activation", "kernel_initializer", "kernel_regularizer", "dtype"])
def test_a_description_of_the_wrong_kind(field: str, value: Any, saved: Callable[..., Path]) -> None:
    def change(text: bytes) -> bytes:
        config = json.loads(text)
        config["config"]["layers"][1]["config"][field] = value
        return json.dumps(config).encode()

    path = changed(saved(Dense(1)), "config.json", change)
    if (field, value) == ("kernel_regularizer", None):
        assert read_model(path).network == NetworkSpec((), "linear")
    else:
        assert "model.keras" in refused(path)


def weights_of(change: Callable[[h5py.File], None]) -> Callable[[bytes], bytes]:
    def changed_weights(data: bytes) -> bytes:
        memory = io.BytesIO(data)
        with h5py.File(memory, "r+") as file:
            change(file)
        return memory.getvalue()

    return changed_weights


def put(file: h5py.File, **dataset: Any) -> None:
    """Another kernel."""
    del file["layers/dense/vars/0"]
    file["layers/dense/vars"].create_dataset("0", **dataset)


def link(file: h5py.File) -> None:
    del file["layers/dense/vars/0"]
    file["layers/dense/vars/0"] = h5py.ExternalLink("/etc/passwd", "/")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda file: put(file, data=np.full((2, 1), np.nan)), "A weight is not finite"),
        (lambda file: put(file, data=np.zeros((3, 1))), "is damaged"),
        (lambda file: put(file, data=b"text"), "is damaged"),
        (lambda file: file.pop("layers"), "is damaged"),
        (link, "in another file"),
        (lambda file: put(file, shape=(2, 1), dtype="f4", external=[("/etc/passwd", 0, 8)]), "in another file"),
        (
            lambda file: put(file, shape=(10**9, 1), dtype="f4", chunks=(1024, 1), compression="gzip"),
            "larger than 32 MB",
        ),
    ],
    ids=["nan", "shape", "text", "none", "link", "external", "huge"],
)
def test_weights_that_are_none(change: Callable[[h5py.File], None], words: str, saved: Any) -> None:
    assert words in refused(changed(saved(Dense(1)), "model.weights.h5", weights_of(change)))


def test_a_file_that_grows_when_it_is_unpacked(saved: Callable[..., Path]) -> None:
    path = changed(saved(Dense(1)), "config.json", lambda text: text + b" " * 200_000_000)
    assert path.stat().st_size < 1_000_000
    assert "Unpacked it is larger than 32 MB" in refused(path)


def test_a_file_that_is_too_large(saved: Callable[..., Path]) -> None:
    path = saved(Dense(1))
    with path.open("ab") as file:
        file.truncate(40_000_000)
    assert "larger than 32 MB" in refused(path)


def test_a_file_that_contains_something_else(saved: Callable[..., Path]) -> None:
    assert "It contains assets/../../x" in refused(changed(saved(Dense(1)), "assets/../../x", lambda _: b"x"))


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"The model's file is 'model.h5'; its name must end with .keras\."):
        read_model(tmp_path / "model.h5")
    with pytest.raises(OSError, match=r"cannot read .*No such file"):
        read_model(tmp_path / "model.keras")
    folder = tmp_path / "folder.keras"
    folder.mkdir()
    with pytest.raises(OSError, match="cannot read"):
        read_model(folder)
    (tmp_path / "text.keras").write_text("x,y,label")
    assert "is damaged, or no .keras file" in refused(tmp_path / "text.keras")


# Through the process ------------------------------------------------------------------------------------------------


def test_saved_in_one_seat_and_loaded_in_another(window: Listener, path: Path) -> None:
    network = NetworkSpec((Layer(4, "relu", 0.25),), features=("x1", "x2", "x1_x2"), scaling="standard")
    window.configured(network)
    window.send(StepEpoch(3))
    trained = window.frame(lambda f: f.epoch == 3 and f.state == "paused")
    window.send(SaveModel(str(path)))
    assert window.next(Saved) == Saved(str(path))
    window.send(LoadModel(str(path)), seat=1)
    loaded = window.next(Loaded)
    assert isinstance(loaded, Loaded)
    assert (loaded.seat, loaded.path, loaded.network) == (1, str(path), network)
    few = CIRCLE.kept(np.arange(len(CIRCLE)) < 30)  # would be scaled otherwise
    configure = Configure(next_run(), loaded.network, loaded.training, few, loaded.weights, loaded.scaling)
    window.send(configure, seat=1)
    shown = window.frame(lambda f: f.run == configure.run, seat=1)
    assert (shown.epoch, shown.state) == (0, "paused")
    assert same(shown.weights, trained.weights)
    assert_allclose(shown.predictions, trained.predictions[:30], atol=1e-5)
    window.send(StepEpoch(), seat=1)
    assert window.frame(lambda f: f.epoch == 1, seat=1).scaling == shown.scaling


def test_a_file_that_cannot_be_loaded_changes_nothing(window: Listener, path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 no model")
    window.send(LoadModel(str(path)))
    failed = window.next(Failed)
    assert isinstance(failed, Failed)
    assert (failed.what, failed.seat) == ("LoadModel", 0)
    assert "model.keras is damaged" in failed.message
    window.send(StepEpoch())
    assert window.frame(lambda f: f.epoch == 1)
