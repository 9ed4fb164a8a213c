import zlib
from pathlib import Path

import pytest

from tests.engine.laws import kept
from tests.model.test_run_state import A, started
from tuiflow.model import events as ev
from tuiflow.model import snapshot
from tuiflow.model.content import StoredContent
from tuiflow.model.run_state import RunState
from tuiflow.model.snapshot import fold_rules, read_snapshot, write_snapshot


def test_a_state_that_was_kept_is_the_state(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(snapshot, "_LINE", 1)
    state = RunState().after([*started(), ev.StepCompletedEvent(node_path=A, seq=3, at=30)])

    read = kept(state)

    assert (read.run, read.nodes, read.seq) == (state.run, state.nodes, 3)
    assert (list(read.nodes), dict(read.outlines)) == (list(state.nodes), dict(state.outlines))


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


def test_a_state_with_a_child_that_is_not_there_is_passed_over():
    raw = write_snapshot(RunState().after(started()))
    assert raw is not None
    head, nodes = zlib.decompress(raw).split(b"\n")

    assert read_snapshot(zlib.compress(head + b"\n" + nodes.replace(b'"w/a"', b'"w/b"', 1))) is None


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
