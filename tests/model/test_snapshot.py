import zlib
from pathlib import Path

import pytest

from tests.engine.laws import kept
from tests.model.test_run_state import ROOT, A, started
from tuiflow.model import events as ev
from tuiflow.model import snapshot
from tuiflow.model.content import StoredContent
from tuiflow.model.failure import Failure
from tuiflow.model.kept_nodes import write_node
from tuiflow.model.run_state import RunState
from tuiflow.model.snapshot import fold_rules, read_snapshot, write_snapshot
from tuiflow.model.status import Status
from tuiflow.model.stored_medium import StoredMedium

FAILURE = Failure(type="ValueError", message="no")


def test_a_state_that_was_kept_is_the_state():
    state = RunState().after([*started(), ev.StepCompletedEvent(node_path=A, seq=3, at=30)])

    read = kept(state)

    assert (read.run, read.nodes, read.seq) == (state.run, state.nodes, 3)
    assert (list(read.nodes), dict(read.outlines)) == (list(state.nodes), dict(state.outlines))
    assert read.statuses(read.nodes) == [node.status for node in state.nodes.values()]


def test_what_failed_and_what_made_media_is_known_of_a_kept_state():
    made = StoredMedium(kind="image", id="one")
    state = RunState().after(
        [*started(), ev.StepCompletedEvent(node_path=A, seq=3, at=30, media=(made,))]
    )
    failed = state.after([ev.WorkflowErrorEvent(node_path=ROOT, seq=4, at=40, failure=FAILURE)])

    assert (kept(state).failed, kept(failed).failed) == (frozenset(), {ROOT})
    assert kept(failed).media_of(ROOT) == (made,)
    assert kept(failed).after([]).media_of(ROOT) == (made,)


def test_what_comes_after_a_kept_state_grows_out_of_its_shape():
    state = RunState().after(started()[:1])
    rest = started()[1:]

    assert kept(state).after(rest).nodes == state.after(rest).nodes


def test_a_value_that_json_cannot_hold_is_not_kept():
    lone = StoredContent(value="\ud800")
    state = RunState().after(
        [*started(), ev.StepCompletedEvent(node_path=A, seq=3, at=30, content=lone)]
    )

    assert write_snapshot(state) is None


@pytest.mark.parametrize("lines", [b"", b"[]", b"[1, {}, null]\n[1]", b"[-1, 2, 3]", b"{" * 5000])
def test_what_is_no_state_is_passed_over(lines: bytes):
    assert read_snapshot(zlib.compress(lines)) is None
    assert read_snapshot(lines) is None


@pytest.mark.parametrize(
    ("before", "after"), [(b'["w/a","step"', b'[7,"step"'), (b'["w/a","step"', b'["w/x","step"')]
)
def test_a_kept_node_that_cannot_be_read_stands_there_with_its_status(before: bytes, after: bytes):
    lines = zlib.decompress(write_snapshot(RunState().after(started())) or b"")

    state = read_snapshot(zlib.compress(lines.replace(before, after)))

    assert state is not None
    assert (state.nodes[A].path, state.nodes[A].status) == (A, Status.RUNNING)


def test_a_kept_node_has_no_child_that_is_not_there():
    lines = zlib.decompress(write_snapshot(RunState().after(started())) or b"")

    state = read_snapshot(zlib.compress(lines.replace(b'["w/a"],null', b'["w/a","w/b"],null')))

    assert state is not None
    assert state.nodes[ROOT].children == (A,)


def test_a_line_that_is_missing_makes_the_whole_no_state():
    lines = zlib.decompress(write_snapshot(RunState().after(started())) or b"").splitlines()

    assert read_snapshot(zlib.compress(b"\n".join(lines[:-1]))) is None


def test_a_byte_that_has_changed_is_noticed():
    raw = bytearray(write_snapshot(RunState().after(started())) or b"")
    raw[-1] ^= 1

    assert read_snapshot(bytes(raw)) is None


def test_every_version_of_the_code_has_rules_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    now = fold_rules()
    (tmp_path / "fold.py").write_text("another fold")
    monkeypatch.setattr(snapshot, "__file__", str(tmp_path / "snapshot.py"))

    assert fold_rules.__wrapped__() != now


def test_nodes_that_are_said_to_hold_each_other_are_gone_through_once():
    state = RunState().after([*started(), ev.StepCompletedEvent(node_path=A, seq=3, at=30)])
    head, paths, statuses, *_ = zlib.decompress(write_snapshot(state) or b"").split(b"\n")
    knotted = [
        write_node(node._replace(children=(ROOT, A, *node.children)))
        for node in state.nodes.values()
    ]

    read = read_snapshot(zlib.compress(b"\n".join([head, paths, statuses, *knotted])))

    assert read is not None
    assert read.nodes[A].children == ()
    assert ROOT not in read.nodes[ROOT].children
