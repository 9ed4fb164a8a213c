import pytest

from tuiflow.model.events import StepCompletedEvent, StepStartedEvent
from tuiflow.model.ids import NodePath
from tuiflow.worker.attributing import RunningSteps, common_path


@pytest.mark.parametrize(
    ("paths", "common"),
    [
        ([], None),
        (["w/a"], "w/a"),
        (["w/p/a", "w/p/b"], "w/p"),
        (["w/loop[1]/a", "w/loop[1]/b"], "w/loop[1]"),
        (["w/p/a", "w/pa"], "w"),
    ],
)
def test_what_several_nodes_share_is_the_nearest_above_all(paths: list[str], common: str | None):
    assert common_path([NodePath(path) for path in paths]) == common


def test_an_unsigned_line_belongs_to_the_only_running_step_else_to_what_they_share():
    running = RunningSteps("w")
    assert running.envelope() == {"node_path": "w"}

    assert not running.note(StepStartedEvent(node_path=NodePath("w/p/a"), attempt=2))
    assert running.envelope()["node_path"] == "w/p/a"
    assert running.envelope()["attempt"] == 2

    running.note(StepStartedEvent(node_path=NodePath("w/p/b")))
    assert running.envelope() == {"node_path": "w/p"}

    assert running.note(StepCompletedEvent(node_path=NodePath("w/p/a")))
    assert running.envelope()["node_path"] == "w/p/b"
