"""The keys of tab 2, each an action that the window's menu shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdviz.gui.network.actions import add_action
from gdviz.gui.network.paint_keys import paint_keys

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab


def add_keys(tab: NetworkTab) -> None:
    """Give a tab its actions; their keys work while its window has it in front and no field takes them as text."""
    panel = tab.network_panel
    for name, title, key, do, group in (
        *paint_keys(tab),
        ("import", "Import points…", "Ctrl+I", tab.files.ask_to_read, "Points"),
        ("export", "Export points…", "Ctrl+E", tab.export_points, "Points"),
        ("step_batch", "Train one batch", "Shift+Right", tab.step_batch, "Training"),
        ("replay", "Play the training again", "Shift+Space", tab.travel.toggle_replay, "Training"),
        ("slower", "Slower", "-", lambda: tab.travel.speed.step(-1), "Training"),
        ("faster", "Faster", "+", lambda: tab.travel.speed.step(1), "Training"),
        ("train_more", "Train some epochs", "Ctrl+Return", tab.training_panel.more.ask, "Training"),
        ("new_seed", "New seed", "N", tab.new_seed, "Training"),
        ("more_layers", "One layer more", "L", panel.add_layer, "Network"),
        ("fewer_layers", "One layer fewer", "Shift+L", panel.remove_layer, "Network"),
        ("view", "Next view of the result", "V", tab.top.next_view, "View of the result"),
        ("loss_scale", "Other loss axis", "G", tab.curves.toggle_scale, "Curves and panels"),
        ("smoothing", "Smooth the curves more", "Shift+G", tab.curves.head.next_span, "Curves and panels"),
        ("fold_left", "Fold the data panel", "F7", lambda: tab.columns.toggle(0), "Curves and panels"),
        ("fold_right", "Fold the network panel", "F8", lambda: tab.columns.toggle(2), "Curves and panels"),
    ):
        add_action(tab, name, title, key, do, group)
