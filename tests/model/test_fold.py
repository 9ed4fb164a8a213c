from tests.taping import START, Tape, node, step, stored
from tuiflow.model import events as ev
from tuiflow.model.ids import RunId
from tuiflow.model.node_state import NOT_REACHED
from tuiflow.model.outline import NodeKind
from tuiflow.model.status import Status

TREE = node(NodeKind.WORKFLOW, "w", step("a"), node(NodeKind.STEPS, "s", step("b"), step("c")))


def begun() -> Tape:
    tape = Tape("w")
    tape.add(ev.WorkflowStartedEvent, "", 0, outline=TREE, episode=1)
    return tape


def test_a_reused_step_has_its_content_and_took_no_time():
    tape = begun()
    tape.add(ev.StepReusedEvent, "a", 1, source_run_id=RunId("earlier"), content=stored("kept"))

    reused = tape.state.nodes[tape.path("a")]

    assert (reused.status, reused.content) == (Status.REUSED, stored("kept"))
    assert reused.started_at == reused.ended_at == START + 1_000_000
    assert reused.is_settled


def test_what_stands_under_a_skipped_node_is_skipped_with_it():
    tape = begun()
    tape.add(ev.StepSkippedEvent, "s", 1, reason="not needed")

    nodes = tape.state.nodes

    skipped = [nodes[tape.path(name)] for name in ("s", "s/b", "s/c")]
    assert {(each.status, each.reason) for each in skipped} == {(Status.SKIPPED, "not needed")}
    assert nodes[tape.path("a")].status is Status.PENDING


def test_steps_run_and_end_as_their_outcome_says():
    tape = begun()
    tape.add(ev.StepsExecutionStartedEvent, "s", 1, count=2)
    assert tape.state.nodes[tape.path("s")].status is Status.RUNNING

    tape.add(ev.StepsExecutionCompletedEvent, "s", 2, outcome="stopped")

    assert tape.state.nodes[tape.path("s")].ended_at == START + 2_000_000
    assert tape.state.nodes[tape.path("s/c")].reason == NOT_REACHED


def test_a_resumed_run_goes_on_and_what_was_not_reached_is_pending_again():
    tape = begun()
    tape.step("a", 1, 2)
    tape.add(ev.WorkflowCrashedEvent, "", 3, reason="its worker is gone")
    assert tape.state.nodes[tape.path("s/b")].status is Status.SKIPPED

    tape.add(ev.WorkflowResumedEvent, "", 9, episode=2)

    state = tape.state
    assert (state.status, state.run.episode, state.run.ended_at) == (Status.RUNNING, 2, None)
    assert state.run.started_at == START
    assert state.run.pauses == ((START + 3_000_000, START + 9_000_000),)
    assert state.nodes[tape.path("a")].status is Status.COMPLETED
    assert state.nodes[tape.path("s/b")].status is Status.PENDING


def test_a_nested_runs_end_does_not_end_the_run_around_it():
    nested = RunId("nested")
    tape = Tape("w")
    inner = node(NodeKind.WORKFLOW, "inner", step("x"))
    outline = node(NodeKind.WORKFLOW, "w", inner)
    tape.add(ev.WorkflowStartedEvent, "", 0, outline=outline)
    tape.add(ev.WorkflowStartedEvent, "inner", 1, nested_run_id=nested)
    tape.step("inner/x", 1, 2)
    tape.add(ev.WorkflowCompletedEvent, "inner", 3, nested_run_id=nested)

    state = tape.state

    assert state.nodes[tape.path("inner")].status is Status.COMPLETED
    assert state.nodes[tape.path("inner")].nested_run_id == nested
    assert state.status is Status.RUNNING


def test_a_function_workflows_nodes_grow_as_they_come():
    tape = Tape("w")
    tape.add(ev.WorkflowStartedEvent, "", 0)
    tape.step("part/first", 1, 2)
    tape.step("part/second", 2)

    state = tape.state

    assert state.nodes[tape.path("")].children == (tape.path("part"),)
    assert state.nodes[tape.path("part")].kind is NodeKind.STEPS
    assert [str(path) for path in state.nodes[tape.path("part")].children] == [
        "w/part/first",
        "w/part/second",
    ]
