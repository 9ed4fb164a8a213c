"""An event as a line of JSON, for scripts and files."""

from tuiflow.model.events import Event


def event_json(event: Event) -> dict[str, object]:
    """Give an event as JSON: where it stands first, then all it says."""
    facts = event.model_dump(mode="json")
    first = ("id", "seq", "run_id", "at", "kind", "node_path")
    return {name: facts.pop(name) for name in first} | facts
