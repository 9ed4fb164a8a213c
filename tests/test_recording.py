import json
from itertools import pairwise

from tests.recording import SIZE, TOUR


def test_the_recording_shows_start_live_tree_cancel_and_events_in_that_order():
    head, *events = map(json.loads, TOUR.read_text().splitlines())
    written = "".join(text for _, _, text in events)
    seen = [
        written.index(text)
        for text in ("watching 2 files", "Start a run", "0/99", "Cancel run", "WorkflowCancelled")
    ]

    assert (head["version"], head["width"], head["height"]) == (2, *SIZE)
    assert all(before[0] <= after[0] for before, after in pairwise(events))
    assert {kind for _, kind, _ in events} == {"o"}
    assert seen == sorted(seen)
