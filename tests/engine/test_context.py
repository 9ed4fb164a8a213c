"""What a step asks and tells of itself, from wherever it is."""

import threading
from collections.abc import Callable

import pytest

from tests.engine.running import run_steps
from tuiflow import CustomEvent, Parallel, RunContext, Step, current_context
from tuiflow.model import events
from tuiflow.model.events import LIFECYCLE_KINDS
from tuiflow.model.run_event import WorkflowRunEvent


@pytest.mark.parametrize(
    ("tell", "kind"),
    [
        (lambda ctx: ctx.progress(1, 2), "StepProgress"),
        (lambda ctx: ctx.log("said"), "StepLog"),
        (lambda ctx: ctx.emit(CustomEvent(name="mine")), "CustomEvent"),
        (lambda ctx: list(ctx.track([1])), "StepProgress"),
    ],
)
async def test_a_step_tells_from_any_thread(tell: Callable[[RunContext], object], kind: str):
    def step(run_context: RunContext) -> None:
        thread = threading.Thread(target=tell, args=(run_context,))
        thread.start()
        thread.join()

    ran = await run_steps(Step(name="a", executor=step))

    told = [event for event in ran.host.events if event.event == kind]
    assert told
    assert {event.node_path for event in told} == {"w/a"}


async def test_current_context_is_the_steps_own_without_a_parameter_in_each_branch():
    def here() -> str:
        return current_context().node_path

    async def there() -> str:
        return current_context().node_path

    ran = await run_steps(
        Parallel(Step(name="a", executor=here), Step(name="b", executor=there), name="p")
    )

    assert ran.content == {"a": "w/p/a", "b": "w/p/b"}


def test_current_context_outside_of_a_step_says_where_it_works():
    with pytest.raises(LookupError, match="works only inside a running step"):
        current_context()


def test_the_values_of_the_enum_are_the_stored_kinds_and_their_classes_end_in_event():
    for kind in WorkflowRunEvent:
        owner = getattr(events, f"{kind.value.removesuffix('Event')}Event")
        assert owner.model_fields["kind"].default == kind.value
        words = "".join(f"_{each.lower()}" if each.isupper() else each for each in kind.value)
        assert kind.name == words.removeprefix("_")
    assert {kind.value for kind in WorkflowRunEvent} >= LIFECYCLE_KINDS
