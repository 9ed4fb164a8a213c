"""Tries, time limits, streamed text and waiting branches, as they stand in a real terminal."""

from textwrap import dedent

import pytest

from tests.end_to_end.project import Project
from tests.end_to_end.test_screen import start, status

pytestmark = pytest.mark.timeout(120)

POLICIES = dedent(
    """
    import time
    from pathlib import Path

    from tuiflow import Parallel, Retry, Step, StepInput, Workflow

    GATE = Path(__file__).with_name("gate")

    def wait_for_gate() -> None:
        while not GATE.exists():
            time.sleep(0.02)

    def flaky(step_input: StepInput) -> None:
        raise ConnectionError("no answer")

    def slow(step_input: StepInput) -> None:
        while True:
            pass

    def writes(step_input: StepInput):
        yield "the first words\\n"
        yield "and the next, "
        wait_for_gate()
        yield "and the last"

    workflow = Workflow(
        name="policies",
        steps=[
            Parallel(
                Step(name="flaky", executor=flaky, retry=Retry(attempts=3, delay=50, jitter=0)),
                Step(name="slow", executor=slow, timeout=0.2, on_error="skip"),
                Step(name="writes", executor=writes),
                name="all",
            ),
        ],
    )
    """
)
FEW = dedent(
    """
    import time
    from pathlib import Path

    from tuiflow import Parallel, StepInput, Workflow

    GATE = Path(__file__).with_name("gate")

    def waits(step_input: StepInput) -> None:
        while not GATE.exists():
            time.sleep(0.02)

    workflow = Workflow(
        name="few", steps=[Parallel(waits, waits, waits, max_concurrency=2, name="two")]
    )
    """
)


def test_waits_limits_and_text_are_seen_while_they_happen(project: Project):
    project.write("policies.py", POLICIES)

    with project.screen((160, 45)) as terminal:
        start(terminal, "policies")
        terminal.wait("↻ flaky  try 2/3 in 50.0 s after Conn")
        terminal.wait("✗ slow  StepTimeoutError: not done after 0.2 s")
        terminal.wait("▸ writes")
        terminal.press("2", "g", "j", "j", "j", "j", "o")
        terminal.wait("the first words")
        terminal.wait("and the next,")
        project.open_gate()
        terminal.wait("✓ writes")
        terminal.wait("and the next, and the last")
        terminal.press("x")
        terminal.wait("y cancel")
        terminal.press("y")
        terminal.wait("⊗ flaky")
        terminal.wait("⊗ cancelled")

    assert status(project) == "cancelled"


def test_branches_that_wait_for_their_turn_are_pending(project: Project):
    project.write("few.py", FEW)

    with project.screen() as terminal:
        start(terminal, "few")
        terminal.wait(lambda text: text.count("▸ waits") == 2 and text.count("◌ waits") == 1)
        project.open_gate()
        terminal.wait(lambda text: text.count("✓ waits") == 3 and "✓ few" in text)

    assert status(project) == "completed"
