"""What every part of a tree is, and where it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from tuiflow.engine.context import Caller, RunContext, find_context
from tuiflow.engine.policy import PLAIN, Policy
from tuiflow.engine.step_io import StepInput, StepOutput
from tuiflow.engine.threads import is_in_loop
from tuiflow.errors import DefinitionError, NotSupportedError, RunError
from tuiflow.model.ids import NodePath, sibling_segments
from tuiflow.model.outline import NodeKind, Outline
from tuiflow.model.text import whole_text

LONGEST_NAME = 200  # characters


class OnError(StrEnum):
    """What a failed node does to its run: end it, or go on without the node's content."""

    fail = "fail"
    skip = "skip"
    pause = "pause"


class Node:
    """One part of a tree. It decides and runs; reporting is `run_node`'s."""

    kind: ClassVar[NodeKind]
    executor_name: str = ""
    executor_type: str | None = None
    """What a step calls: a function, an agent or a team."""
    policy: Policy = PLAIN

    def __init__(self, name: str | None, description: str, on_error: OnError | str) -> None:
        self.name = check_name(type(self).__name__, name) if name is not None else ""
        self.description = description
        self.on_error = check_on_error(self.title, on_error)

    @property
    def title(self) -> str:
        """Name this node in a sentence about it."""
        return f"{type(self).__name__} {self.name!r}" if self.name else type(self).__name__

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r})"

    @property
    def label(self) -> str:
        """What the outline says beside the name."""
        return ""

    @property
    def code(self) -> str:
        """The fingerprint of what an author wrote for this node; empty where that is nothing."""
        return ""

    async def decide(self, step_input: StepInput, ctx: RunContext) -> None:
        """Find out, before the node's start is recorded, what it will do: fill in `ctx.facts`."""

    async def run(self, step_input: StepInput, ctx: RunContext) -> StepOutput:
        """Do the work; raises RaisedError or a child's StepFailedError.

        The output is a new one: the node's name and path are written into it.
        """
        raise NotImplementedError

    def execute(self, step_input: object = None) -> StepOutput:
        """Run it as a part of the function workflow that calls this; from its sync function.

        Takes a StepInput, or another input; without one, that of the run. The steps called before
        are its past. Raises RunError elsewhere, and StepFailedError as the node's `on_error` says.
        """
        if is_in_loop():
            raise RunError(f"{self.title}: in an async function write `await step.aexecute(…)`")
        return self._caller("execute").run_from_thread(self, step_input)

    async def aexecute(self, step_input: object = None) -> StepOutput:
        """Do as `execute`, from an async function; several may run at once."""
        return await self._caller("aexecute").run(self, step_input)

    def _caller(self, method: str) -> Caller:
        ctx = find_context()
        if ctx is None or ctx.caller is None:
            raise RunError(f"{self.title}: {method}() works inside a function given as steps=")
        return ctx.caller

    def outline_children(self) -> tuple[Outline, ...]:
        """Draw what stands under this node."""
        return ()

    def outline(self, name: str, segment: str) -> Outline:
        """Draw this node under the name and path segment it has among its siblings."""
        return Outline(
            kind=self.kind,
            name=name,
            segment=segment,
            description=self.description,
            label=self.label,
            code=self.code,
            children=self.outline_children(),
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A node among its siblings: the name and path segment it has there."""

    node: Node
    name: str
    segment: str
    index: int = 0
    joint: str = "/"

    def path_under(self, parent: NodePath) -> NodePath:
        return NodePath(f"{parent}{self.joint}{self.segment}")


def place_siblings(nodes: Sequence[Node], *, taken: Sequence[str] = ()) -> tuple[Place, ...]:
    """Give nodes that stand side by side their names and segments; `taken` are used already."""
    names = list(_names(nodes))
    segments = sibling_segments([*taken, *names])[len(taken) :]
    rows = zip(nodes, names, segments, strict=True)
    return tuple(Place(node, name, segment, i) for i, (node, name, segment) in enumerate(rows))


def draw(places: Sequence[Place]) -> tuple[Outline, ...]:
    """Draw the outlines of nodes at their places."""
    return tuple(place.node.outline(place.name, place.segment) for place in places)


def check_name(owner: str, name: object) -> str:
    """Refuse a name that is not 1–200 characters of text; give it with all of it in Unicode."""
    if not isinstance(name, str):
        raise DefinitionError(owner, f"name must be text, not {type(name).__name__}")
    if not 1 <= len(name) <= LONGEST_NAME:
        raise DefinitionError(
            f"{owner} {name[:20]!r}", f"a name has 1 to {LONGEST_NAME} characters, not {len(name)}"
        )
    return whole_text(name)


def check_on_error(owner: str, value: OnError | str) -> OnError:
    """Take the enum or its text; pausing for a person is not built yet."""
    try:
        on_error = OnError(value)
    except ValueError:
        raise DefinitionError(owner, f"on_error is 'fail' or 'skip', not {value!r}") from None
    if on_error is OnError.pause:
        raise NotSupportedError(owner, "on_error='pause'")
    return on_error


def check_count(owner: str, option: str, value: object) -> None:
    """Refuse a number of times that is none."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise DefinitionError(owner, f"{option}={value!r} runs nothing: it is a number from 1 up")


def refuse(owner: str, **options: object) -> None:
    """Refuse options that are known and not built yet, when they are given a value."""
    for option, value in options.items():
        if value:
            raise NotSupportedError(owner, f"{option}=")


def _names(nodes: Sequence[Node]) -> Iterator[str]:
    unnamed: dict[NodeKind, int] = {}
    for node in nodes:
        if node.name:
            yield node.name
        else:
            unnamed[node.kind] = unnamed.get(node.kind, 0) + 1
            yield f"{node.kind}_{unnamed[node.kind]}"
