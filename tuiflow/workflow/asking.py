"""What an author's Workflow tells of its last run and of its session."""

from typing import Any

from tuiflow.engine.session import open_session
from tuiflow.workflow.run_output import WorkflowRunOutput
from tuiflow.workflow.runs import Runs


class Tells:
    """The part of a Workflow that is asked between two runs."""

    session_id: str | None
    run_response: WorkflowRunOutput | None

    def get_last_run_output(self) -> WorkflowRunOutput | None:
        """Give the run this object has executed last; None before the first."""
        return self.run_response

    def get_session_state(self, session_id: str | None = None) -> dict[str, Any]:
        """Read the state of a session, else of this object's own, as it is stored now.

        Changing the copy it gives changes nothing. What cannot be read back here is left out.
        """
        asked = session_id or self.session_id
        return open_session({}, self._kept().session_state(asked), {}).values if asked else {}

    def _kept(self) -> Runs:
        raise NotImplementedError
