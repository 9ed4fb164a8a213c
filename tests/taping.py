"""Records what happened in a canned run: real events, folded by the real fold."""

from hashlib import sha256
from typing import Any

from tuiflow.model import events as ev
from tuiflow.model.content import StoredContent, encode_content
from tuiflow.model.events import Event
from tuiflow.model.failure import Failure, Frame
from tuiflow.model.ids import NodePath, RunId, encode_name, root_path
from tuiflow.model.outline import NodeKind, Outline
from tuiflow.model.run_state import RunState

START = 1_764_000_000_000_000
SECOND = 1_000_000
RUN = RunId("0199c0de-0000-7000-8000-0000000a7f3a")


class Tape:
    """Writes events one after the other, on a clock that is told where it stands."""

    def __init__(self, root: str) -> None:
        self.root = root_path(root)
        self.events: list[Event] = []
        self.blobs: dict[str, bytes] = {}
        self.at = 0.0

    def add(self, kind: type[Any], path: str, at: float | None = None, **fields: Any) -> None:
        self.at = self.at if at is None else at
        seq = len(self.events) + 1
        self.events.append(
            kind(
                node_path=self.path(path),
                seq=seq,
                id=seq,
                run_id=RUN,
                at=START + round(self.at * SECOND),
                **fields,
            )
        )

    def path(self, path: str) -> NodePath:
        return NodePath(f"{self.root}/{path}" if path else self.root)

    def step(self, path: str, start: float, end: float | None = None, **fields: Any) -> None:
        self.add(ev.StepStartedEvent, path, start, executor_name=path.rpartition("/")[2])
        if end is not None:
            self.add(ev.StepCompletedEvent, path, end, **fields)

    def say(self, path: str, at: float, text: str, level: str = "info") -> None:
        self.add(ev.StepLogEvent, path, at, text=text, level=level)

    def keep(self, raw: bytes) -> str:
        """Keep bytes for the database; gives their digest."""
        digest = sha256(raw).hexdigest()
        self.blobs[digest] = raw
        return digest

    @property
    def state(self) -> RunState:
        return RunState().after(self.in_order())

    def in_order(self) -> list[Event]:
        events = sorted(self.events, key=lambda event: event.at)
        return [
            event.model_copy(update={"seq": seq, "id": seq}) for seq, event in enumerate(events, 1)
        ]


def node(kind: NodeKind, name: str, *children: Outline, label: str = "") -> Outline:
    return Outline(kind=kind, name=name, segment=encode_name(name), label=label, children=children)


def step(name: str) -> Outline:
    return node(NodeKind.STEP, name)


def stored(value: object) -> StoredContent:
    return encode_content(value).stored


def key_error(*frames: Frame) -> Failure:
    """Make the failure of a currency that has no rate, as the given frames led to it."""
    return Failure(type="KeyError", message="'EUR'", frames=frames)
