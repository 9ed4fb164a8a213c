"""Prints a run's events as they come: lines for a person, or JSON."""

from collections.abc import Sequence

from tuiflow.cli.event_lines import EventLines
from tuiflow.cli.printing import print_json
from tuiflow.model.event_json import event_json
from tuiflow.model.events import Event


class EventPrinter:
    """Prints batches of one run's events, each at once."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._lines = EventLines()

    def print(self, batch: Sequence[Event]) -> None:
        for event in batch:
            if self._as_json:
                print_json(event_json(event))
            else:
                for line in self._lines.lines_of(event):
                    print(line)
        # A pipe is block-buffered: whoever reads along is to see a batch when it happened.
        print(end="", flush=True)
