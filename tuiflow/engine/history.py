"""The outputs before a step."""

from typing import TYPE_CHECKING

from tuiflow.model.media import Medium

if TYPE_CHECKING:
    from tuiflow.engine.step_io import StepOutput


class History:
    """The outputs before a step, newest first: a chain, so that each step sees its own past.

    A list would be copied for every step, and ten thousand steps in a row would cost their square.
    """

    __slots__ = ("before", "latest", "media", "name", "output")

    def __init__(self, before: "History | None", name: str, output: "StepOutput") -> None:
        self.before = before
        self.name = name
        self.output = output
        self.latest = output if output.ran or before is None else before.latest
        """The newest output that came from something that ran."""
        earlier: tuple[Medium, ...] = before.media if before is not None else ()
        made = output.media
        self.media = (*earlier, *made) if made else earlier
        """What all outputs so far have made."""
