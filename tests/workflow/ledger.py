"""Steps that say how often they are really called, and that fail when they are told to."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from tuiflow import RunContext, Step, StepInput, Workflow
from tuiflow.errors import StepFailedError
from tuiflow.model.run_state import RunState


@dataclass
class Ledger:
    """What has really been called, and what is to fail once."""

    calls: Counter[str] = field(default_factory=Counter[str])
    broken: set[str] = field(default_factory=set[str])
    attempts: list[int] = field(default_factory=list[int])

    def step(self, name: str, gives: Any = None, **options: Any) -> Step:
        def executor(step_input: StepInput, run_context: RunContext) -> Any:
            self.attempts.append(run_context.attempt)
            self.note(name)
            return gives(step_input) if callable(gives) else gives or name

        return Step(name=name, executor=executor, **options)

    def note(self, name: str) -> None:
        self.calls[name] += 1
        if name in self.broken:
            self.broken.discard(name)
            raise RuntimeError(f"{name} broke")


def fail_then_resume(workflow: Workflow, given: object = None) -> Any:
    run_id = failed(workflow, given)
    return workflow.resume(run_id)


def failed(workflow: Workflow, given: object = None) -> str:
    with pytest.raises(StepFailedError):
        workflow.run(given, run_id="the-run")
    return "the-run"


def kinds(output: Any) -> list[tuple[str, str]]:
    return [(event.kind, event.step_name) for event in output.events]


def state_of(output: Any) -> RunState:
    return RunState().after(output.events)
