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


def test_an_event_says_where_and_when_it_happened():
    event = StepStartedEvent(node_path=NodePath("w%2Fx/loop[2]/a"), at=1_500_000)

    assert event.event == "StepStarted"
    assert (event.workflow_name, event.step_name) == ("w/x", "a")
    assert event.parent_step_id == "w%2Fx/loop[2]"
    assert event.created_at.isoformat() == "1970-01-01T00:00:01.500000+00:00"
