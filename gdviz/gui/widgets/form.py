"""A form made from declared hyper-parameters: declare one, and it can be edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QWidget

from gdviz.declared.parameter import Parameter, Value
from gdviz.gui.widgets.number_field import NumberField
from gdviz.gui.widgets.tab_order import order_parts
from gdviz.gui.widgets.wheel_guard import WheelGuard


class SettingsForm(QWidget):
    """Edits the values of parameters, one row each.

    Signals:
        edited(str, object): the name of a parameter and its new, allowed value.
    """

    edited = Signal(str, object)

    def __init__(self, prefix: str, parent: QWidget | None = None, *, patient: bool = False) -> None:
        """What shows no parameters yet.

        Args:
            prefix: of the object names of the editors (``descent.setting`` gives ``descent.setting.rho``).
            parent: Qt's.
            patient: as number fields have it.
        """
        super().__init__(parent)
        self._prefix, self._patient = prefix, patient
        self._parameters: tuple[Parameter, ...] = ()
        self._editors: dict[str, QWidget] = {}
        self._wheel_guard = WheelGuard(self)
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)

    def show_parameters(self, parameters: Sequence[Parameter], values: Mapping[str, Value]) -> None:
        """Show these parameters with these values; editors that are there already are kept."""
        if tuple(parameters) != self._parameters:
            self._parameters = tuple(parameters)
            while self._layout.rowCount():
                self._layout.removeRow(0)
            self._editors = {parameter.name: self._add_row(parameter) for parameter in parameters}
            order_parts(self, list(self._editors.values()))
        for name, editor in self._editors.items():
            _set_value(editor, values[name])

    def _add_row(self, parameter: Parameter) -> QWidget:
        editor = make_editor(parameter, lambda value: self.edited.emit(parameter.name, value), patient=self._patient)
        editor.setObjectName(f"{self._prefix}.{parameter.name}")
        editor.setAccessibleName(parameter.title)
        editor.setToolTip(editor.toolTip() or parameter.meaning)
        if not isinstance(editor, NumberField):
            editor.installEventFilter(self._wheel_guard)
        label = QLabel(parameter.title)
        label.setBuddy(editor)
        label.setToolTip(parameter.meaning)
        self._layout.addRow(label, editor)
        return editor


def make_editor(parameter: Parameter, edited, *, patient: bool = False) -> QWidget:  # type: ignore[no-untyped-def]  # edited: Callable[[Value], None]
    """The widget that edits one parameter and calls ``edited`` with each new value."""
    if parameter.kind == "flag":
        box = QCheckBox()
        box.clicked.connect(edited)
        return box
    if parameter.kind == "choice":
        combo = QComboBox()
        combo.addItems(parameter.choices)
        combo.textActivated.connect(edited)
        return combo
    field = NumberField(parameter, patient=patient)
    field.edited.connect(edited)
    return field


def _set_value(editor: QWidget, value: Value) -> None:
    match editor:
        case QCheckBox():
            editor.setChecked(bool(value))
        case QComboBox():
            editor.setCurrentText(str(value))
        case NumberField():
            editor.set_value(value)
