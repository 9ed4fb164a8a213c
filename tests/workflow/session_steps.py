"""Workflows that share a session, and steps that change its state."""

from pathlib import Path
from typing import Any

from tuiflow import Step, Workflow

State = dict[str, Any]


def made(db: Path | bool, *steps: object, **options: Any) -> Workflow:
    return Workflow(name="w", db=db, steps=list(steps), **options)  # type: ignore[arg-type]


def made_again(workflow: Workflow, *steps: object) -> Workflow:
    """Make another workflow over the same kept runs."""
    other = made(False, *steps)
    other._runs = workflow._kept()
    return other


def putting(**values: object) -> Step:
    def put(session_state: State) -> None:
        session_state.update(values)

    return Step(name="_".join(values), executor=put)


def read(session_state: State) -> State:
    return dict(session_state)


def count(session_state: State) -> int:
    session_state["n"] = session_state.get("n", 0) + 1
    return session_state["n"]
