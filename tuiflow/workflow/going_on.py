"""Runs that go on from what a log holds, for an author's Workflow."""

from functools import partial
from typing import Any

from tuiflow.engine import WorkflowDefinition
from tuiflow.engine.threads import is_in_loop
from tuiflow.errors import RunError
from tuiflow.model.ids import RunId
from tuiflow.workflow.blocking import call_blocking
from tuiflow.workflow.run_output import WorkflowRunOutput
from tuiflow.workflow.runs import Again, Finished, Runs
from tuiflow.workflow.taking_over import whole_path


class GoesOn:
    """The half of a Workflow that resumes its runs, and runs them again from a node."""

    definition: WorkflowDefinition
    run_response: WorkflowRunOutput | None

    def resume(self, run_id: str) -> WorkflowRunOutput:
        """Let a failed, cancelled or crashed run go on under its id, to the end in this thread.

        Its finished steps are reused and not run. Raises NotResumableError, NestedRunError,
        RunNotFoundError, and StepFailedError as `run`.
        """
        self._refuse_in_loop("resume")
        return call_blocking(partial(self.aresume, run_id))

    async def aresume(self, run_id: str) -> WorkflowRunOutput:
        """Do as `resume` inside a running loop."""
        return self._take(await self._kept().resume(self.definition, RunId(run_id)))

    def rerun(
        self,
        run_id: str,
        *,
        from_path: str | None = None,
        input: Any = ...,  # noqa: A002 - the name authors know
    ) -> WorkflowRunOutput:
        """Make a new run that reuses what another did before a node; without one it reuses nothing.

        `from_path` is the node's path, with or without the workflow's name before it; `input`
        replaces the other run's. Raises RunNotFoundError, NestedRunError, InputError, and
        StepFailedError as `run`.
        """
        self._refuse_in_loop("rerun")
        return call_blocking(partial(self.arerun, run_id, from_path=from_path, input=input))

    async def arerun(
        self,
        run_id: str,
        *,
        from_path: str | None = None,
        input: Any = ...,  # noqa: A002 - the name authors know
    ) -> WorkflowRunOutput:
        """Do as `rerun` inside a running loop."""
        given = input if input is ... else self.definition.validate_input(input)
        path = whole_path(self.definition.name, from_path) if from_path else None
        again = Again(source_run_id=RunId(run_id), from_path=path, input=given)
        return self._take(await self._kept().rerun(self.definition, again))

    def _take(self, finished: Finished) -> WorkflowRunOutput:
        self.run_response = finished.output
        if finished.error is not None:
            # Its way through the engine says nothing to who calls.
            raise finished.error.with_traceback(None)
        return finished.output

    def _refuse_in_loop(self, method: str) -> None:
        if is_in_loop():
            raise RunError(
                f"Workflow.{method}() was called inside a running event loop: "
                f"write `await workflow.a{method}(…)`"
            )

    def _kept(self) -> Runs:
        raise NotImplementedError
