"""A leaf of the tree: calls one function or agent."""

import logging
from typing import Any, ClassVar

from pydantic import BaseModel

from tuiflow.engine.agents import AgentCall
from tuiflow.engine.context import RunContext
from tuiflow.engine.definition import WorkflowDefinition
from tuiflow.engine.executor import Executor, Function
from tuiflow.engine.node import Node, OnError, refuse
from tuiflow.engine.policy import Retry, read_policy
from tuiflow.engine.returned import as_output
from tuiflow.engine.schemas import check_schema, fit_output
from tuiflow.engine.step_io import StepInput, StepOutput
from tuiflow.errors import DefinitionError
from tuiflow.model.outline import NodeKind

_log = logging.getLogger("tuiflow")


class Step(Node):
    """One function or agent with a name; what it gives is the next step's previous content.

    An agent is any object with an async `run` or `arun`: it is told the previous content as text,
    or the run's input where there is none, and given the media that are there.
    `timeout` is in seconds, for each attempt; `live=False` keeps a generator's text back until it
    is whole.
    """

    kind: ClassVar[NodeKind] = NodeKind.STEP
    executor_type = "function"

    def __init__(  # noqa: PLR0913 - the options of a step, all of them by keyword
        self,
        *,
        name: str | None = None,
        executor: Function | None = None,
        agent: object = None,
        team: object = None,
        workflow: Any = None,
        description: str = "",
        step_id: str | None = None,
        retry: Retry | None = None,
        max_retries: int = 0,
        timeout: float | None = None,
        timeout_seconds: float | None = None,
        on_error: OnError | str = OnError.fail,
        skip_on_failure: bool = False,
        output_schema: type[BaseModel] | None = None,
        add_workflow_history: bool | None = None,
        num_history_runs: int | None = None,
        live: bool = True,
        strict_input_validation: bool = False,
        human_review: object = None,
    ) -> None:
        super().__init__(name, description, on_error)
        refuse(self.title, human_review=human_review)
        if strict_input_validation:
            _log.info("%s: strict_input_validation does nothing here", self.title)
        if skip_on_failure:
            self.on_error = OnError.skip
        self.policy = read_policy(
            self.title,
            retry=retry,
            max_retries=max_retries,
            timeout=_one_timeout(self.title, timeout, timeout_seconds),
            step_id=step_id,
            live=live,
            adds_history=add_workflow_history,
            history_runs=num_history_runs,
        )
        self.output_schema = check_schema(self.title, "output_schema", output_schema)
        self.workflow = self._check_workflow(workflow)
        given = {"executor": executor, "agent": agent, "team": team, "workflow": self.workflow}
        self._executor = self._check_executor(*_only_one(self.title, given))
        if self._executor is not None:
            self.name = self.name or self._executor.name
            self.executor_name = self._executor.display_name

    @property
    def label(self) -> str:
        return self.executor_name if self.executor_name != self.name else ""

    @property
    def code(self) -> str:
        # An agent's is its library's: what it was told stands in the revision's files.
        is_function = self._executor is not None and self.executor_type == "function"
        return self._executor.code if self._executor is not None and is_function else ""

    @property
    def function(self) -> Function | None:
        """What it calls; None of a workflow's step."""
        return self._executor.function if self._executor is not None else None

    async def run(self, step_input: StepInput, ctx: RunContext) -> StepOutput:
        assert self._executor is not None
        await ctx.scope.barrier()
        output = as_output(await self._executor.call(_with_history(step_input, ctx), ctx))
        if output.success:
            output.content = fit_output(self.output_schema, output.content)
        return output

    def _check_workflow(self, workflow: Any) -> WorkflowDefinition | None:
        definition = getattr(workflow, "definition", workflow)
        if definition is None or isinstance(definition, WorkflowDefinition):
            return definition
        raise DefinitionError(
            self.title, f"workflow= takes a Workflow, not {type(workflow).__name__}"
        )

    def _check_executor(self, role: str, given: Any) -> Executor | None:
        if role == "workflow":
            return None
        if role in {"agent", "team"}:
            self.executor_type = role
            return Executor(self.title, role, AgentCall(self.title, role, given))
        if not callable(given):
            problem = f"executor= takes a function, not {type(given).__name__}"
            raise DefinitionError(self.title, problem)
        return Executor(self.title, "executor", given)


def _only_one(owner: str, given: dict[str, Any]) -> tuple[str, Any]:
    roles = [role for role, value in given.items() if value is not None]
    if not roles:
        raise DefinitionError(owner, "has nothing to call: give it executor=a_function")
    if len(roles) > 1:
        raise DefinitionError(owner, f"has both {roles[0]}= and {roles[1]}=: keep one")
    return roles[0], given[roles[0]]


def _with_history(step_input: StepInput, ctx: RunContext) -> StepInput:
    policy, scope = ctx.policy, ctx.scope
    adds = scope.adds_history if policy.adds_history is None else policy.adds_history
    if not adds and policy.history_runs is None:
        return step_input
    return step_input.with_usual_history(policy.history_runs or scope.history_runs)


def _one_timeout(owner: str, timeout: float | None, timeout_seconds: float | None) -> float | None:
    if timeout is not None and timeout_seconds is not None:
        raise DefinitionError(owner, "has both timeout= and timeout_seconds=: keep one")
    return timeout_seconds if timeout is None else timeout
