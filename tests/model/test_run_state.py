from tuiflow.model import events as ev
from tuiflow.model.ids import NodePath
from tuiflow.model.outline import NodeKind, Outline
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.model.stored_medium import StoredMedium

STEP = Outline(kind=NodeKind.STEP, name="a", segment="a")
TREE = Outline(kind=NodeKind.WORKFLOW, name="w", segment="w", children=(STEP,))
ROOT, A = NodePath("w"), NodePath("w/a")


def started() -> list[ev.Event]:
    return [
        ev.WorkflowStartedEvent(node_path=ROOT, seq=1, at=10, outline=TREE),
        ev.StepStartedEvent(node_path=A, seq=2, at=20),
    ]


def test_before_its_start_a_workflow_is_all_pending():
    state = RunState.of_outline(TREE)

    assert [node.status for node in state.nodes.values()] == [Status.PENDING, Status.PENDING]


def test_folding_in_batches_or_at_once_gives_the_same():
    events = [*started(), ev.StepCompletedEvent(node_path=A, seq=3, at=30)]

    at_once = RunState().after(events)
    one_by_one = RunState()
    for event in events:
        one_by_one = one_by_one.after([event])

    assert one_by_one.nodes == at_once.nodes
    assert one_by_one.changed == {A}
    assert at_once.after(events).nodes == at_once.nodes


def test_a_crash_closes_what_was_open():
    crash = ev.WorkflowCrashedEvent(node_path=ROOT, seq=3, at=40, reason="gone")

    state = RunState().after([*started(), crash])

    assert state.status is Status.CRASHED
    assert (state.nodes[A].status, state.nodes[A].ended_at) == (Status.CRASHED, 40)


def test_media_are_listed_in_the_order_they_ran_in_and_each_once():
    one, two = (StoredMedium(kind="image", id=name) for name in ("one", "two"))
    steps = tuple(Outline(kind=NodeKind.STEP, name=name, segment=name) for name in "abc")
    tree = Outline(kind=NodeKind.WORKFLOW, name="w", segment="w", children=steps)
    events: list[ev.Event] = [ev.WorkflowStartedEvent(node_path=ROOT, seq=1, at=1, outline=tree)]
    for at, (name, made) in enumerate((("c", (one,)), ("b", ()), ("a", (two, one))), start=2):
        path = NodePath(f"w/{name}")
        events += [
            ev.StepStartedEvent(node_path=path, seq=2 * at, at=at),
            ev.StepCompletedEvent(node_path=path, seq=2 * at + 1, at=at, media=made),
        ]

    state = RunState().after(events)

    assert state.media_of(ROOT) == (one, two)
    assert state.media_of(NodePath("w/a")) == (two, one)
    assert state.media_of(NodePath("w/b")) == state.media_of(NodePath("w/none")) == ()
