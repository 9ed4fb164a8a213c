"""The text a running step has let out so far, read piece by piece."""

from tuiflow.model.node_state import NodeState
from tuiflow.model.outline import NodeKind
from tuiflow.model.status import Status
from tuiflow.service import SHOWN_CHARS, Service
from tuiflow.tui.screens.panes.node_feed import NodeFeed
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.spot import Spot

_MOST_PIECES = 500  # newest ones read when a step is turned to


def is_being_written(watch: Watch, node: NodeState) -> bool:
    """Say whether a step may be letting out text just now."""
    is_running = node.kind is NodeKind.STEP and node.status is Status.RUNNING
    return is_running and watch.run_id is not None


class WrittenText:
    """Keeps the newest text of the last attempt of one step."""

    def __init__(self, service: Service) -> None:
        self._feed = NodeFeed(service, frozenset({"StepContent"}), first=_MOST_PIECES)
        self._attempt = 0
        self.text = ""

    async def read(self, watch: Watch, spot: Spot) -> bool:
        """Read what is new; False where there was nothing."""
        batch = await self._feed.read(watch, spot)
        if batch.is_first:
            self._attempt, self.text = 0, ""
        pieces: list[str] = []
        for event in batch.events:
            if event.kind == "StepContent":
                if event.attempt != self._attempt:
                    self._attempt, self.text = event.attempt, ""
                    pieces.clear()
                pieces.append(event.text)
        self.text = (self.text + "".join(pieces))[-SHOWN_CHARS:]
        return bool(pieces) or batch.is_first
