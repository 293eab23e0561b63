"""The list of formulas that a person has kept: a file beside the settings, never lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from gdviz.descent.spec import FORMULA, SurfaceSpec
from gdviz.files import write_atomically
from gdviz.gui.settings import settings

FILE_NAME = "surfaces.json"
VERSION = 1
MOST_NAME_CHARACTERS = 60


class OwnSurface(msgspec.Struct, frozen=True):
    """A kept formula.

    Attributes:
        name: different from all others.
        formula: as it was typed.
        bounds: w0 from, w0 to, w1 from, w1 to.
    """

    name: str
    formula: str
    bounds: tuple[float, float, float, float]

    @property
    def spec(self) -> SurfaceSpec:
        """What is descended; whether it is allowed is to be checked."""
        return SurfaceSpec(FORMULA, self.formula.strip(), self.bounds)


class _File(msgspec.Struct):
    surfaces: tuple[OwnSurface, ...]
    version: int = VERSION


class OwnSurfaces:
    """Reads the file before each change, as another window may have changed it.

    Attributes:
        problem: what was wrong with the file when it was last read, for people; "" where nothing was.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Args: path: of the file; beside the settings unless given."""
        self.path = path or Path(settings().fileName()).with_name(FILE_NAME)
        self.problem = ""

    def all(self) -> tuple[OwnSurface, ...]:
        """Those kept, in order; a damaged file is set aside, and ``problem`` says where to.

        Raises:
            OSError: there is a file, but it cannot be read or set aside.
        """
        self.problem = ""
        try:
            return self._read()
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            kept = self._set_aside()
            self.problem = f"Your list of surfaces could not be read ({error}). It is kept as {kept}; a new one begins."
            return ()

    def peek(self) -> tuple[OwnSurface, ...]:
        """Those kept, as long as nothing is wrong with the file; whoever changes them is told what is."""
        try:
            return self._read()
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return ()

    def add(self, surface: OwnSurface, *, in_place_of: str | None = None) -> OwnSurface:
        """Keep a formula, or put it in the place of one that has this name.

        Returns:
            what was kept: with another name where its own was taken.

        Raises:
            OSError: the file cannot be read or written.
            ValueError: the name is not allowed.
        """
        surfaces = list(self.all())
        places = [index for index, known in enumerate(surfaces) if known.name == in_place_of]
        taken = {known.name for known in surfaces if known.name != in_place_of}
        made = msgspec.structs.replace(surface, name=_free(_checked(surface.name), taken))
        if places:
            surfaces[places[0]] = made
        else:
            surfaces.append(made)
        self._write(surfaces)
        return made

    def rename(self, name: str, to: str) -> str:
        """Give one another name; the name that it got, a different one where that was taken.

        Raises:
            OSError: the file cannot be read or written.
            ValueError: the new name is not allowed, or there is none of the old one any more.
        """
        known = next((known for known in self.all() if known.name == name), None)
        if known is None:
            raise ValueError(f"there is no surface {name!r} in your list any more")
        return self.add(msgspec.structs.replace(known, name=to), in_place_of=name).name

    def remove(self, name: str) -> tuple[int, OwnSurface] | None:
        """Take one out; where it stood and what it was, for ``put_back``. None where there was none.

        Raises:
            OSError: the file cannot be read or written.
        """
        surfaces = list(self.all())
        for index, known in enumerate(surfaces):
            if known.name == name:
                del surfaces[index]
                self._write(surfaces)
                return index, known
        return None

    def put_back(self, index: int, surface: OwnSurface) -> OwnSurface:
        """Undo ``remove``.

        Raises:
            OSError: the file cannot be read or written.
        """
        surfaces = list(self.all())
        made = msgspec.structs.replace(surface, name=_free(surface.name, {known.name for known in surfaces}))
        surfaces.insert(index, made)
        self._write(surfaces)
        return made

    def _read(self) -> tuple[OwnSurface, ...]:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return ()
        read = msgspec.json.decode(data, type=_File)
        if read.version != VERSION:
            raise msgspec.DecodeError(f"it is of version {read.version}, this program reads version {VERSION}")
        return read.surfaces

    def _write(self, surfaces: Sequence[OwnSurface]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.path, msgspec.json.format(msgspec.json.encode(_File(tuple(surfaces))), indent=1))

    def _set_aside(self) -> Path:
        """Rename the file to a name that is free."""
        number = 1
        while (kept := self.path.with_name(f"{self.path.stem}.damaged-{number}{self.path.suffix}")).exists():
            number += 1
        self.path.rename(kept)
        return kept


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ValueError("the name is empty; give the surface one")
    if len(name) > MOST_NAME_CHARACTERS:
        raise ValueError(f"the name has {len(name)} characters; allowed are at most {MOST_NAME_CHARACTERS}")
    return name


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number behind it where it is taken."""
    made, number = name, 2
    while made in taken:
        made, number = f"{name} {number}", number + 1
    return made
