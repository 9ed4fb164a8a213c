import pytest
from textual.binding import Binding
from textual.widget import Widget

from tuiflow.tui.widgets.event_table import EventTable
from tuiflow.tui.widgets.line_pane import LinePane
from tuiflow.tui.widgets.run_list import RunList
from tuiflow.tui.widgets.step_tree import StepTree


@pytest.mark.parametrize("widget", [StepTree, LinePane, EventTable, RunList])
def test_every_key_has_an_id_and_says_what_it_does(widget: type[Widget]):
    bindings = [binding for binding in widget.BINDINGS if isinstance(binding, Binding)]
    ids = [binding.id for binding in bindings]

    assert len(bindings) == len(widget.BINDINGS)
    assert len(set(ids)) == len(ids)
    assert all(binding.id and "." in binding.id and binding.tooltip for binding in bindings)


@pytest.mark.parametrize("widget", [StepTree, LinePane, EventTable, RunList])
def test_c_and_d_mean_harm_elsewhere_and_are_not_bound(widget: type[Widget]):
    keys = {key for binding in widget.BINDINGS for key in binding.key.split(",")}  # type: ignore[union-attr]

    assert not keys & {"c", "d"}
