import threading

import anyio
import pytest

from tests.engine.running import run_steps
from tests.waiting import PATIENCE
from tuiflow.engine import (
    Condition,
    Loop,
    NestedWorkflow,
    Parallel,
    Router,
    Step,
    StepInput,
    StepOutput,
    Steps,
    WorkflowDefinition,
)
from tuiflow.model.events import (
    ConditionExecutionStartedEvent,
    LoopExecutionCompletedEvent,
    LoopIterationCompletedEvent,
    RouterExecutionStartedEvent,
    StepStartedEvent,
)
from tuiflow.model.status import Status


def one(step_input: StepInput) -> int:
    return 1


def more(step_input: StepInput) -> int:
    return (step_input.previous_step_content or 0) + 1


async def text(step_input: StepInput) -> str:
    return "text"


async def stop(step_input: StepInput) -> StepOutput:
    return StepOutput(content="enough", stop=True)


async def test_a_parallels_branches_start_together_and_end_before_it():
    ran = await run_steps(one, Parallel(more, text, name="p"))

    assert ran.content == {"more": 2, "text": "text"}
    assert ran.host.lines[3:6] == [
        "ParallelExecutionStarted w/p",
        "StepStarted w/p/more",
        "StepStarted w/p/text",
    ]
    assert ran.host.lines[-2:] == ["ParallelExecutionCompleted w/p", "WorkflowCompleted w"]


async def test_sync_branches_really_run_at_the_same_time():
    meeting = threading.Barrier(3, timeout=PATIENCE)

    def meet(step_input: StepInput) -> int:
        return meeting.wait()

    ran = await run_steps(Parallel(meet, meet, meet))

    assert sorted(ran.content.values()) == [0, 1, 2]
    assert list(ran.content) == ["meet", "meet~2", "meet~3"]


async def test_max_concurrency_lets_only_so_many_run():
    now: list[int] = [0]
    most: list[int] = [0]

    async def busy(step_input: StepInput) -> None:
        now[0] += 1
        most[0] = max(most[0], now[0])
        await anyio.lowlevel.checkpoint()
        now[0] -= 1

    await run_steps(Parallel(*[busy] * 6, max_concurrency=2))

    assert most[0] == 2


@pytest.mark.parametrize("is_met", [True, False])
async def test_a_condition_takes_its_side_and_shows_the_other_as_skipped(is_met: bool):
    def evaluator(step_input: StepInput) -> bool:
        return step_input.previous_step_content == 1 and is_met

    ran = await run_steps(
        one, Condition(name="c", evaluator=evaluator, steps=[more], else_steps=[text])
    )

    taken, other = ("w/c/more", "w/c/else/text")[:: 1 if is_met else -1]
    assert ran.status(taken) is Status.COMPLETED
    assert ran.status(other) is Status.SKIPPED
    assert ran.status("w/c/else") is (Status.SKIPPED if is_met else Status.COMPLETED)
    assert ran.content == (2 if is_met else "text")
    started = next(e for e in ran.host.events if isinstance(e, ConditionExecutionStartedEvent))
    assert (started.result, started.branch) == (is_met, "then" if is_met else "else")


async def test_a_condition_that_is_not_met_leaves_the_content_before_it_in_place():
    ran = await run_steps(one, Condition(name="c", evaluator=False, steps=[text]), more)

    assert ran.content == 2
    assert ran.status("w/c") is Status.SKIPPED
    last = [e for e in ran.host.events if isinstance(e, StepStartedEvent)][-1]
    assert last.previous == "w/one"


async def test_a_then_step_called_else_does_not_hide_the_else_side():
    ran = await run_steps(
        Condition(
            name="c", evaluator=True, steps=[Step(name="else", executor=one)], else_steps=[text]
        )
    )

    assert ran.status("w/c/else~2") is Status.COMPLETED
    assert ran.status("w/c/else") is Status.SKIPPED


async def test_a_loop_ends_when_its_condition_says_so():
    turns: list[int] = []

    def enough(outputs: list[StepOutput]) -> bool:
        turns.append(outputs[-1].content)
        return len(turns) == 2

    ran = await run_steps(one, Loop(name="l", steps=[more], end_condition=enough, max_iterations=5))

    assert turns == [2, 2]
    ends = [e for e in ran.host.events if isinstance(e, LoopIterationCompletedEvent)]
    assert [(e.node_path, e.should_continue) for e in ends] == [
        ("w/l[1]", True),
        ("w/l[2]", False),
    ]
    end = next(e for e in ran.host.events if isinstance(e, LoopExecutionCompletedEvent))
    assert end.count == 2
    assert ran.status("w/l[2]/more") is Status.COMPLETED


async def test_a_loop_can_forward_what_an_iteration_gave():
    ran = await run_steps(Loop(steps=[more], max_iterations=4, forward_iteration_output=True))

    assert ran.content == 4


async def test_a_router_runs_what_it_chose_in_that_order():
    def choose(step_input: StepInput, step_choices: list[Step]) -> list[Step]:
        return step_choices[::-1][:2]

    ran = await run_steps(Router(name="r", choices=[one, text, more], selector=choose))

    started = next(e for e in ran.host.events if isinstance(e, RouterExecutionStartedEvent))
    assert started.selected == ("w/r/more", "w/r/text")
    assert ran.content == "text"
    assert ran.status("w/r/one") is Status.SKIPPED


async def test_a_router_takes_a_step_a_function_or_nothing():
    step = Step(name="a", executor=one)

    assert (await run_steps(Router(choices=[step, text], selector=lambda _: step))).content == 1
    assert (
        await run_steps(Router(choices=[step, text], selector=lambda _: text))
    ).content == "text"
    nothing = await run_steps(more, Router(name="r", choices=[step], selector=lambda _: None))
    assert nothing.content == 1
    assert nothing.status("w/r") is Status.SKIPPED


async def test_a_router_refuses_a_name_it_does_not_have():
    ran = await run_steps(Router(name="r", choices=[one, text], selector=lambda _: "tex"))

    assert "chose 'tex'; the choices are one, text" in str(ran.error)
    assert ran.status("w/r") is Status.ERROR


async def test_a_router_takes_a_step_made_anew_for_the_choice_it_repeats():
    router = Router(choices=[one, text], selector=lambda _: Step(name="one", executor=one))

    assert (await run_steps(router)).content == 1


async def test_a_router_says_that_a_new_step_is_not_the_choice_of_its_name():
    def choose(_: StepInput) -> Step:
        return Step(name="one", executor=text)

    ran = await run_steps(Router(name="r", choices=[one, text], selector=choose))

    assert "made a new Step 'one', which is not the choice of that name" in str(ran.error)
    assert "return the name 'one'" in str(ran.error)


async def test_a_nested_workflow_has_an_id_of_its_own_in_the_same_log():
    inner = WorkflowDefinition("inner", Steps(steps=[more]))

    ran = await run_steps(one, NestedWorkflow(inner, name="host"), more)

    assert ran.content == 3
    assert ran.host.nested == [("inner", "run", "w/host")]
    inside = [e for e in ran.host.events if e.nested_run_id]
    assert [f"{e.kind} {e.node_path}" for e in inside] == [
        "WorkflowStarted w/host",
        "StepStarted w/host/more",
        "StepCompleted w/host/more",
        "WorkflowCompleted w/host",
    ]
    assert {e.nested_run_id for e in inside} == {"nested-1"}


@pytest.mark.parametrize(
    "shape",
    [
        Steps(name="n", steps=[stop, one]),
        Condition(name="n", evaluator=True, steps=[stop, one]),
        Loop(name="n", steps=[stop, one]),
        Router(name="n", choices=[stop, one], selector=lambda _: ["stop", "one"]),
        Parallel(stop, Steps(name="one", steps=[one]), name="n"),
    ],
    ids=lambda shape: type(shape).__name__,
)
async def test_stop_ends_the_run_from_any_depth(shape: object):
    ran = await run_steps(Steps(name="outer", steps=[shape]), text)

    assert ran.content == "enough"
    assert ran.state.status is Status.COMPLETED
    assert ran.status("w/text") is Status.SKIPPED
    assert "StepSkipped w/text" in ran.host.lines


async def test_a_stop_in_a_nested_workflow_ends_only_that():
    inner = WorkflowDefinition("inner", Steps(steps=[stop, one]))

    ran = await run_steps(NestedWorkflow(inner), text)

    assert ran.content == "text"
    assert ran.status("w/inner/one") is Status.SKIPPED


async def test_a_stop_cancels_the_running_siblings():
    async def wait(step_input: StepInput) -> None:
        await anyio.sleep_forever()

    with anyio.fail_after(PATIENCE):
        ran = await run_steps(Parallel(wait, stop, name="p"), text)

    assert ran.status("w/p/wait") is Status.CANCELLED
    assert ran.content == "enough"


async def test_a_step_of_a_workflow_is_a_nested_run_under_the_steps_name():
    inner = WorkflowDefinition("inner", Steps(steps=[one]))

    ran = await run_steps(Step(name="part", workflow=inner))

    assert ran.content == 1
    assert ran.status("w/part/one") is Status.COMPLETED
    assert [(name, str(path)) for name, _, path in ran.host.nested] == [("inner", "w/part")]


async def test_a_selector_that_chooses_twice_fails_its_router():
    ran = await run_steps(Router(name="r", choices=[one, text], selector=lambda: ["one", "one"]))

    assert ran.status("w/r") is Status.ERROR
    assert "the selector chose 'one' twice" in str(ran.error)


async def test_a_selector_may_choose_nothing():
    ran = await run_steps(Router(name="r", choices=[one], selector=lambda: None), text)

    assert ran.status("w/r/one") is Status.SKIPPED
    assert ran.content == "text"
