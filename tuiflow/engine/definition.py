"""A workflow as the engine knows it: a tree and its policies, without a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from tuiflow.engine.context import RunContext
from tuiflow.engine.node import Node
from tuiflow.engine.schemas import field_errors, fit_output, fit_value, form_schema
from tuiflow.engine.step_io import StepInput, StepOutput
from tuiflow.errors import DefinitionError, InputError
from tuiflow.model.ids import SessionId, encode_name
from tuiflow.model.outline import CANCEL_GRACE, NodeKind, Outline, WorkflowOutline

DICTS = ("session_state", "metadata", "dependencies")
MOST_LEVELS = 90
"""Of Python's thousand calls in each other a level takes seven, and steps want some too; of the two
hundred levels of JSON that pydantic reads it takes two, and there is something around them."""
TEXTS = ("run_id", "session_id", "user_id")


@dataclass(frozen=True)
class WorkflowDefinition:
    """What runs when a workflow runs; `root` stands for the workflow's own children."""

    name: str
    root: Node
    id: str = ""
    description: str = ""
    input_schema: type[BaseModel] | None = None
    output_schema: type[BaseModel] | None = None
    durability: Literal["step", "batch"] = "step"
    cancel_grace: float = CANCEL_GRACE
    """Seconds a cancelled step may take to clean up."""
    file: str = ""
    line: int = 0
    confirm: bool = False
    session_id: SessionId | None = None
    user_id: str | None = None
    session_state: Mapping[str, Any] = field(default_factory=dict[str, Any])
    adds_history: bool = False
    """Whether steps are given the runs before this one of its session unless they say otherwise."""
    history_runs: int = 3
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    dependencies: Mapping[str, Any] = field(default_factory=dict[str, Any])
    hidden_kinds: frozenset[str] = frozenset()
    """Lifecycle kinds that are recorded, since trees stand on them, and not shown."""
    dropped_kinds: frozenset[str] = frozenset()
    """Chatter that is not even recorded."""

    def __post_init__(self) -> None:
        wrong = wrong_option({name: getattr(self, name, None) for name in (*DICTS, *TEXTS)})
        if wrong:
            raise DefinitionError(f"Workflow {self.name!r}", wrong)

    @cached_property
    def tree(self) -> Outline:
        """The tree with the paths its events will have; raises DefinitionError for a deep one."""
        try:
            tree = self._draw()
            if _levels(tree) <= MOST_LEVELS:
                return tree
        except RecursionError:
            pass
        problem = f"its steps are nested more than {MOST_LEVELS} levels deep"
        raise DefinitionError(f"Workflow {self.name!r}", problem)

    def _draw(self) -> Outline:
        return Outline(
            kind=NodeKind.WORKFLOW,
            name=self.name,
            segment=encode_name(self.name),
            description=self.description,
            label=self.root.label,
            code=self.root.code,
            children=self.root.outline_children(),
            cancel_grace=self.cancel_grace,
        )

    def outline(self) -> WorkflowOutline:
        """Describe the workflow without its code."""
        schema = form_schema(self.input_schema) if self.input_schema else None
        return WorkflowOutline(
            name=self.name,
            description=self.description,
            root=self.tree,
            input_schema=schema,
            line=self.line,
            confirm=self.confirm,
            workflow_id=self.id,
            session_id=self.session_id,
            user_id=self.user_id,
            hidden_kinds=tuple(sorted(self.hidden_kinds)),
        )

    def validate_input(self, value: object) -> object:
        """Make the input what the schema says: of an instance, a dict or JSON text.

        Raises InputError with the fields that do not fit.
        """
        if self.input_schema is None:
            return value
        try:
            return fit_value(self.input_schema, {} if value is None else value)
        except ValidationError as error:
            problem = field_errors(error, what="input")
            sentence = f"the input does not fit workflow {self.name!r}: {problem}"
            raise InputError(sentence) from error

    async def run(self, step_input: StepInput, ctx: RunContext) -> StepOutput:
        """Run the tree; the content is what the schema says, or OutputError is raised."""
        output = await self.root.run(step_input, ctx)
        content = fit_output(self.output_schema, output.content)
        if content is not output.content:
            return replace(output, content=content, content_path=None)
        return output


def _levels(outline: Outline) -> int:
    own = 2 if outline.kind is NodeKind.LOOP else 1  # each turn of a loop is a node too
    return own + max(map(_levels, outline.children), default=0)


def wrong_option(given: Mapping[str, object]) -> str:
    """Say which option is not the dict or text it is to be; nothing where all are."""
    kinds = {**dict.fromkeys(DICTS, (Mapping, "a dict")), **dict.fromkeys(TEXTS, (str, "text"))}
    for name, (kind, word) in kinds.items():
        value = given.get(name)
        if value is not None and not isinstance(value, kind):
            return f"{name}= takes {word}, not {type(value).__name__}"
    return ""
