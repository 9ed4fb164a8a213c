"""A whole workflow as one node of another."""

import logging
from copy import deepcopy
from dataclasses import replace
from typing import ClassVar

from pydantic import BaseModel

from tuiflow.engine.context import RunContext
from tuiflow.engine.definition import WorkflowDefinition
from tuiflow.engine.node import Node, OnError
from tuiflow.engine.policy import PLAIN, Policy
from tuiflow.engine.schemas import fit_output
from tuiflow.engine.step_io import StepInput, StepOutput
from tuiflow.model.outline import CANCEL_GRACE, NodeKind, Outline

_log = logging.getLogger("tuiflow")
_OF_THE_RUN = {
    "session_id": None,
    "user_id": None,
    "durability": "step",
    "cancel_grace": CANCEL_GRACE,
    "hidden_kinds": frozenset[str](),
    "dropped_kinds": frozenset[str](),
}
"""Options that a nested run has from the run around it, and their defaults."""
_KNOWN_AS = {"hidden_kinds": "events_to_skip", "dropped_kinds": "events_to_skip"}


class NestedWorkflow(Node):
    """Runs with an id of its own inside its host's log; a `stop` in it ends only itself.

    Its input is what the step before it gave, else that of the run around it. Where it is tried
    again, each try is a run with another id.
    """

    kind: ClassVar[NodeKind] = NodeKind.WORKFLOW

    def __init__(
        self,
        definition: WorkflowDefinition,
        *,
        name: str | None = None,
        description: str = "",
        on_error: OnError | str = OnError.fail,
        policy: Policy = PLAIN,
        output_schema: type[BaseModel] | None = None,
    ) -> None:
        super().__init__(name or definition.name, description or definition.description, on_error)
        self.definition = definition
        self.policy = policy
        self.output_schema = output_schema
        given = [key for key, usual in _OF_THE_RUN.items() if getattr(definition, key) != usual]
        if given:
            named = ", ".join(dict.fromkeys(_KNOWN_AS.get(key, key) for key in given))
            title = f"Workflow {definition.name!r}"
            _log.info("%s: as a step it has %s of the run around it", title, named)

    @property
    def label(self) -> str:
        return self.definition.name if self.definition.name != self.name else ""

    async def decide(self, step_input: StepInput, ctx: RunContext) -> None:
        scope = ctx.scope
        known = scope.journal and scope.journal.decisions.get(ctx.node_path)
        ctx.facts.is_resumed = bool(known)
        ctx.facts.input = given = await scope.host.store(step_input.handed_on)
        nested_run_id = (known and known.nested_run_id) or await scope.host.open_nested_run(
            self.definition.name, given, parent=scope.run_id, host_path=ctx.node_path
        )
        ctx.scope = replace(
            scope,
            run_id=nested_run_id,
            nested_run_id=nested_run_id,
            nested_depth=scope.nested_depth + 1,
            workflow_name=self.definition.name,
            workflow_id=self.definition.id or self.definition.name,
            adds_history=self.definition.adds_history,
            history_runs=self.definition.history_runs,
            metadata={**scope.metadata, **self.definition.metadata},
            dependencies={**scope.dependencies, **self.definition.dependencies},
        )
        ctx.facts.media = await scope.host.store_media(step_input.media)

    async def run(self, step_input: StepInput, ctx: RunContext) -> StepOutput:
        if ctx.limit is not None:
            ctx.limit.begin()
        for key, value in self.definition.session_state.items():
            # As in a run of its own: what the session has stands over them.
            if key not in ctx.session_state:
                ctx.session_state[key] = deepcopy(value)
        given = self.definition.validate_input(step_input.handed_on)
        output = await self.definition.run(step_input.with_input(given), ctx)
        content = fit_output(self.output_schema, output.content)
        return replace(output, content=content, stop=False, ran=True, content_path=None)

    def outline_children(self) -> tuple[Outline, ...]:
        return self.definition.root.outline_children()
