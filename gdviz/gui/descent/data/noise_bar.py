"""Where gradients come from: all samples, a mini-batch or one, and from which seed."""

from __future__ import annotations

import random

import msgspec
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdviz.declared.parameter import Parameter
from gdviz.descent.races import DATA_LOSSES
from gdviz.descent.spec import NOISES, Noise
from gdviz.gui.descent.data.row import narrow_field
from gdviz.gui.descent.data.samples import samples_of
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import choice_box, choose, icon_button, muted
from gdviz.gui.widgets.flow import flow_bar, side_by_side

BATCH_SIZE = Parameter("batch_size", 4, "samples a step looks at", kind="integer", minimum=1, maximum=1000)
SEED = Parameter("seed", 0, "the same one gives the same batches", kind="integer", minimum=0, maximum=2**31 - 1)


class NoiseBar(QWidget):
    """Edits the noise of the session's spec."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self._session = session
        self.kind_box = choice_box(
            "descent.data.noise", "Gradient from", NOISES, tip="The samples that the gradient of a step is made of"
        )
        self.kind_box.setMinimumContentsLength(9)  # so that all fits into one row at a desk
        self.kind_box.activated.connect(lambda _: self._change("noise", kind=self.kind_box.currentData()))
        self.batch = narrow_field(BATCH_SIZE, "descent.data.batch_size", "Batch size", digits=3)
        self.batch.edited.connect(lambda value: self._change("batch_size", batch_size=value))
        self.seed = narrow_field(SEED, "descent.data.seed", "Seed of the batches", digits=6)
        self.seed.edited.connect(lambda value: self._change("noise_seed", seed=value))
        self.new_seed = icon_button("descent.data.new_seed", "seed", "New seed", look, tip="New seed: other batches")
        self.new_seed.clicked.connect(self._draw_seed)
        self.of_samples = muted()
        self._size_group = side_by_side(muted("size"), self.batch, self.of_samples)
        self._seed_group = side_by_side(muted("seed"), self.seed, self.new_seed)
        kind = side_by_side(muted("gradient"), self.kind_box)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(flow_bar("descent.data.noise_bar", [kind, self._size_group, self._seed_group]))

    def show_spec(self) -> None:
        """Show the session's noise."""
        spec = self._session.spec
        choose(self.kind_box, spec.noise.kind)
        self.batch.set_value(spec.noise.batch_size)
        self.seed.set_value(spec.noise.seed)
        self._size_group.setVisible(spec.noise.kind == "batch")
        self._seed_group.setVisible(spec.noise.kind != "all")
        if spec.surface.key in DATA_LOSSES:
            self._show_count(len(samples_of(spec.surface)))

    def _show_count(self, count: int) -> None:
        """Say of how many samples a batch is, and of one that is too large that it is all of them."""
        of = f"of {count}" if self.batch.value <= count else f"all {count} are used"
        self.of_samples.setText(of)
        self.batch.setToolTip(f"{BATCH_SIZE.meaning}: {of}; arrow keys step")
        self.batch.setAccessibleDescription(f"{BATCH_SIZE.meaning}: {of}")

    def _draw_seed(self) -> None:
        self._change("", seed=random.randrange(1_000_000))

    def _change(self, gesture: str, **settings: object) -> None:
        session = self._session
        noise: Noise = msgspec.structs.replace(session.spec.noise, **settings)
        session.change(msgspec.structs.replace(session.spec, noise=noise), gesture=gesture)
