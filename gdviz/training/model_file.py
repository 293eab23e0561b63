"""Models from ``.keras`` files, of whatever origin: read only where they are what this program can train.

A file is looked through before Keras gets to see it, so that nothing is made but what is known.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import h5py  # type: ignore[import-untyped]
import keras
import numpy as np

from gdviz.network.features import Scaling
from gdviz.network.spec import MAX_LAYERS, MAX_UNITS, NetworkSpec, TrainingSpec, check
from gdviz.training.compile_config import training_of
from gdviz.training.messages import Float32Array, Loaded
from gdviz.training.model import build_model
from gdviz.training.model_config import UnfitError, network_of, parsed

_MOST_BYTES = 32 * 2**20
_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"
_MEMBERS = {"metadata.json", _CONFIG, _WEIGHTS}
_ALLOWED = (
    f"Allowed are an input of x1 and x2, up to {MAX_LAYERS} hidden Dense layers of up to {MAX_UNITS} neurons, each "
    "with or without Dropout behind it, and a Dense layer at the end: sigmoid with 1 output, softmax with 2 or linear "
    "with 1."
)


def read_model(path: Path) -> Loaded:
    """Read a ``.keras`` file.

    Raises:
        OSError: the file cannot be read.
        ValueError: what does not fit, and what is allowed.
    """
    if path.suffix != ".keras":
        raise ValueError(f"The model's file is {path.name!r}; its name must end with .keras.")
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise OSError(f"cannot read {path}: {error.strerror or error}") from error
    try:
        config = parsed(_looked_through(data))
        network, scaling = network_of(config)
        _check(network)
        model = keras.models.load_model(path, compile=False, safe_mode=True)
        weights = _weights(model, network, scaling)
    except UnfitError as error:
        allowed = "" if "allowed" in str(error) else f" {_ALLOWED}"
        raise ValueError(f"{path.name} does not fit. {error}{allowed}") from error
    except Exception as error:  # whatever a file that is no model can lead to
        raise ValueError(f"{path.name} is damaged, or no .keras file: {type(error).__name__}: {error}") from error
    return Loaded(str(path), network, training_of(config.compile_config, network), weights, scaling=scaling)


def _looked_through(data: bytes) -> bytes:
    """The description of the model; everything else in the file has been looked at."""
    if len(data) > _MOST_BYTES:
        raise UnfitError(f"It is larger than {_MOST_BYTES // 2**20} MB.")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if strange := sorted({member.filename for member in members} - _MEMBERS):
            raise UnfitError(f"It contains {strange[0]}.")
        if sum(member.file_size for member in members) > _MOST_BYTES:
            raise UnfitError(f"Unpacked it is larger than {_MOST_BYTES // 2**20} MB.")
        _look_through_weights(archive.read(_WEIGHTS))
        return archive.read(_CONFIG)


def _look_through_weights(data: bytes) -> None:
    """What is stored compressed may be huge, and a link may lead to another file."""
    sizes: list[int] = []

    def look(name: str, link: object) -> str | None:
        if not isinstance(link, h5py.HardLink):
            return name
        if isinstance(found := file[name], h5py.Dataset):
            if found.external or found.is_virtual:
                return name
            sizes.append(found.nbytes)
        return None

    with h5py.File(io.BytesIO(data), "r") as file:
        elsewhere = file.visititems_links(look)  # ends with the first answer
    if elsewhere:
        raise UnfitError(f"Its weights {elsewhere} are in another file.")
    if sum(sizes) > _MOST_BYTES:
        raise UnfitError(f"Unpacked it is larger than {_MOST_BYTES // 2**20} MB.")


def _check(network: NetworkSpec) -> None:
    try:
        check(network, TrainingSpec())
    except ValueError as error:
        raise UnfitError(f"{str(error).capitalize()}.") from None


def _weights(model: keras.Model, network: NetworkSpec, scaling: Scaling) -> tuple[Float32Array, ...]:
    """Kernel and bias of each Dense layer; with them, our model has to compute what the file's one does."""
    weights = tuple(variable.numpy() for variable in model.trainable_variables)
    if not all(np.isfinite(weight).all() for weight in weights):
        raise UnfitError("A weight is not finite.")
    ours = build_model(network, seed=0, scaling=scaling)
    if [weight.shape for weight in weights] != [variable.shape for variable in ours.trainable_variables]:
        raise UnfitError("Its layers are not one behind the other.")
    ours.set_weights(weights)
    x = np.random.default_rng(0).uniform(-6.0, 6.0, (64, 2)).astype(np.float32)
    theirs, again = (each(x, training=False).numpy() for each in (model, ours))
    if not np.allclose(theirs, again, atol=1e-5, equal_nan=True):
        raise UnfitError("Its layers are not one behind the other.")
    return weights
