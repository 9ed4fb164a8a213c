from tuiflow.model.events import EVENT, Event, StepStartedEvent, event_body, read_event
from tuiflow.model.ids import NodePath
from tuiflow.model.run_event import WorkflowRunEvent


def test_every_kind_is_one_of_the_enum_and_has_one_class():
    EVENT.core_schema.get("choices", None)
    kinds = {str(kind) for kind in WorkflowRunEvent}

    schema = EVENT.json_schema()["discriminator"]["mapping"]

    assert set(schema) == kinds


def test_an_event_survives_its_columns_and_body():
    event: Event = StepStartedEvent(
        node_path=NodePath("w/a"), seq=3, at=5, attempt=2, previous=NodePath("w/b")
    )

    envelope = {"seq": 3, "at": 5, "node_path": "w/a", "kind": "StepStarted"}
    assert read_event(envelope, event_body(event)) == event
