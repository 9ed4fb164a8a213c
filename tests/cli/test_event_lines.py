from tuiflow.cli.event_lines import PROGRESS_EVERY, EventLines
from tuiflow.model import events as ev
from tuiflow.model.content import encode_content
from tuiflow.model.failure import Failure
from tuiflow.model.ids import NodePath

STEP = NodePath("flow/some/step")


def lines_of(*events: ev.Event) -> list[str]:
    writer = EventLines()
    return [line for event in events for line in writer.lines_of(event)]


def test_a_step_has_its_place_its_result_and_how_long_it_took():
    content = encode_content({"orders": 3}).stored

    started, completed = lines_of(
        ev.StepStartedEvent(node_path=STEP, at=1_000_000),
        ev.StepCompletedEvent(node_path=STEP, at=1_213_000, content=content),
    )

    assert started.endswith("▸  some › step")
    assert completed.endswith('✓  some › step  {"orders": 3}  213 ms')


def test_only_the_first_line_of_a_text_stands_on_the_line():
    content = encode_content("# Report\n\nmuch more").stored

    (line,) = lines_of(ev.StepCompletedEvent(node_path=STEP, content=content))

    assert line.endswith("✓  some › step  # Report …")


def test_a_log_of_several_lines_is_indented_line_by_line():
    lines = lines_of(ev.StepLogEvent(node_path=STEP, text="one\ntwo\n"))

    assert [line.partition("  ")[2] for line in lines] == [
        "    some › step │ one",
        "    some › step │ two",
    ]


def test_progress_is_a_line_a_second_and_the_last_one():
    moments = [0, 1000, PROGRESS_EVERY + 1000, PROGRESS_EVERY + 2000]
    events = [
        ev.StepProgressEvent(node_path=STEP, at=PROGRESS_EVERY + at, done=done, total=3)
        for done, at in enumerate(moments)
    ]

    lines = lines_of(*events)

    assert [line.split("  ")[-1] for line in lines] == ["0 of 3", "2 of 3", "3 of 3"]


def test_a_composite_says_what_it_decided():
    condition = ev.ConditionExecutionStartedEvent(node_path=STEP, result=False)
    router = ev.RouterExecutionStartedEvent(node_path=STEP, selected=(NodePath("flow/r/one"),))

    assert lines_of(condition)[0].endswith("False → nothing to do")
    assert lines_of(router)[0].endswith("→ one")


def test_names_failures_and_logs_cannot_write_to_the_terminal():
    hostile = NodePath("flow/a\x1b[2J\x07\x9bm")
    failure = Failure(type="E\x1b]0;x\x07", message="\x1b[31m")

    lines = lines_of(
        ev.StepStartedEvent(node_path=hostile, executor_name="\x1b"),
        ev.StepErrorEvent(node_path=hostile, failure=failure),
        ev.StepLogEvent(node_path=hostile, text="\x1bc\x1b]52;c;x\x07"),
        ev.CustomEvent(node_path=hostile, name="\x1b[H", data={"\x1b": "\x9b"}),
    )

    assert not {"\x1b", "\x07", "\x9b"} & set("".join(lines))


def test_every_kind_of_event_can_be_written():
    examples = {"failure": Failure(type="E", message="m"), "outcome": "completed", "count": 1}
    examples |= {"max_iterations": 2, "iteration": 1, "done": 1, "text": "t"}
    examples |= {"next_attempt": 2, "source_run_id": "run-1"}

    for kind in ev.LIFECYCLE_KINDS | ev.CHATTER_KINDS:
        event = ev.EVENT.validate_python({"kind": kind, "node_path": STEP, **examples})

        assert lines_of(event), kind
