"""Gets ready while nobody waits what the first moments of a run would else load."""

import anyio

from tuiflow.model.ids import RunId
from tuiflow.store import describe_process


def preload() -> None:
    """Load the event loop and look at this process once: most of the way to a run's first step."""
    describe_process(RunId(""), mode="worker")
    anyio.run(_nothing)


async def _nothing() -> None:
    """Let the loop come up and go down."""
