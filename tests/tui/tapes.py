"""Canned runs for widgets: what is drawn of a step that runs, fails, retries or loops."""

from tests.taping import Tape, key_error, node, step
from tuiflow import Condition, Loop, Step, StepInput, Workflow
from tuiflow.model import events as ev
from tuiflow.model.failure import Failure, Frame
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState

DAILY = node(
    NodeKind.WORKFLOW,
    "etl.daily",
    step("fetch_orders"),
    node(NodeKind.PARALLEL, "enrich", step("geo"), step("fraud_score"), step("currency")),
    node(NodeKind.LOOP, "each_region", step("load_region"), label="max 12"),
    node(
        NodeKind.CONDITION,
        "total > 0",
        step("publish"),
        node(NodeKind.ELSE, "else", step("notify_empty")),
        label="has_total",
    ),
    node(NodeKind.ROUTER, "report_to", step("mail"), step("chat"), label="pick_channel"),
    step("archive"),
)

KEY_ERROR = key_error(
    Frame(file="/proj/flows/etl/daily.py", line=12, function="enrich", source="rates(order)"),
    Frame(
        file="/usr/lib/python3.12/site-packages/tuiflow/engine/node.py",
        line=120,
        function="run",
        source="await self._call()",
    ),
    Frame(
        file="/proj/flows/etl/daily.py",
        line=88,
        function="currency",
        source='rate = table[order["ccy"]]',
    ),
)
TIMEOUT = Failure(type="TimeoutError", message="no answer from fraud.example in 5 s")


def _retrying_tape() -> Tape:
    tape = Tape("etl.daily")
    tape.add(ev.WorkflowStartedEvent, "", 0, outline=DAILY)
    tape.step("fetch_orders", 0.1, 8.4)
    tape.add(ev.ParallelExecutionStartedEvent, "enrich", 8.5, count=3)
    tape.step("enrich/geo", 8.6, 29.4)
    tape.add(ev.StepStartedEvent, "enrich/fraud_score", 8.6)
    tape.add(
        ev.StepRetryingEvent, "enrich/fraud_score", 24, failure=TIMEOUT, delay=1.0, next_attempt=2
    )
    tape.add(ev.StepStartedEvent, "enrich/fraud_score", 25, attempt=2)
    return tape


def running_tape() -> Tape:
    """A run in the middle: a retry, a loop, a progress, everything after it pending."""
    tape = _retrying_tape()
    tape.add(ev.StepProgressEvent, "enrich/fraud_score", 60, done=2985, total=4815)
    tape.step("enrich/currency", 8.6, 12.9)
    tape.add(ev.ParallelExecutionCompletedEvent, "enrich", 61, outcome="completed", count=3)
    tape.add(ev.LoopExecutionStartedEvent, "each_region", 61.1, max_iterations=12)
    for turn in range(1, 6):
        path = f"each_region[{turn}]"
        start = 61.2 + (turn - 1) * 5
        tape.add(ev.LoopIterationStartedEvent, path, start, iteration=turn)
        ends = None if turn == 5 else start + 4.9
        tape.step(f"{path}/load_region", start + 0.01, ends)
        if ends is not None:
            tape.add(
                ev.LoopIterationCompletedEvent,
                path,
                ends + 0.01,
                outcome="completed",
                iteration=turn,
                should_continue=True,
            )
    return tape


def branching_tape() -> Tape:
    """Still in the parallel: one branch done, one retrying, one failed for good."""
    tape = _retrying_tape()
    tape.add(ev.StepProgressEvent, "enrich/fraud_score", 40, done=2985, total=4815)
    tape.add(ev.StepStartedEvent, "enrich/currency", 8.6)
    tape.add(ev.StepErrorEvent, "enrich/currency", 12.9, failure=KEY_ERROR)
    return tape


def failed_tape() -> Tape:
    """The same to its end: the failure ends the run, what was not reached is skipped."""
    tape = branching_tape()
    tape.add(ev.StepCancelledEvent, "enrich/fraud_score", 44, reason="a sibling failed")
    tape.add(
        ev.ParallelExecutionCompletedEvent,
        "enrich",
        44.1,
        outcome="error",
        failure=KEY_ERROR,
        count=3,
    )
    tape.add(ev.WorkflowErrorEvent, "", 44.2, failure=KEY_ERROR)
    return tape


def completed_tape() -> Tape:
    """Everything done: a condition took its then-branch, a router chose one."""
    tape = running_tape()
    tape.add(ev.StepCompletedEvent, "enrich/fraud_score", 60.9)
    tape.add(ev.StepCompletedEvent, "each_region[5]/load_region", 84)
    tape.add(
        ev.LoopIterationCompletedEvent, "each_region[5]", 84.1, outcome="completed", iteration=5
    )
    tape.add(ev.LoopExecutionCompletedEvent, "each_region", 84.2, outcome="completed", count=5)
    tape.add(ev.ConditionExecutionStartedEvent, "total > 0", 84.3, result=True, branch="then")
    tape.step("total > 0/publish", 84.4, 91)
    tape.add(ev.ConditionExecutionCompletedEvent, "total > 0", 91.1, outcome="completed")
    chosen = (tape.path("report_to/chat"),)
    tape.add(ev.RouterExecutionStartedEvent, "report_to", 91.2, selected=chosen)
    tape.step("report_to/chat", 91.2, 91.413)
    tape.add(ev.RouterExecutionCompletedEvent, "report_to", 91.5, outcome="completed")
    tape.step("archive", 91.6, 98)
    tape.add(ev.WorkflowCompletedEvent, "", 98.1)
    return tape


def slow_turn_tape() -> Tape:
    """A loop of nine turns, of which the fourth took nine times as long as the others."""
    loop = node(NodeKind.LOOP, "again", step("s"))
    tape = Tape("w")
    tape.add(ev.WorkflowStartedEvent, "", 0, outline=node(NodeKind.WORKFLOW, "w", loop))
    tape.add(ev.LoopExecutionStartedEvent, "again", 1, max_iterations=9)
    for number in range(1, 10):
        turn, path = {"iteration": number}, f"again[{number}]"
        tape.add(ev.LoopIterationStartedEvent, path, number * 10, **turn)
        tape.step(f"{path}/s", number * 10, number * 10 + (9 if number == 4 else 1))
        tape.add(ev.LoopIterationCompletedEvent, path, **turn, outcome="completed")
    return tape


def wide_state(steps: int) -> RunState:
    """A run with many steps in a row, a third of them done."""
    sections = [
        node(NodeKind.STEPS, f"section_{part}", *[step(f"step_{i}") for i in range(40)])
        for part in range(steps // 40)
    ]
    tape = Tape("wide")
    tape.add(ev.WorkflowStartedEvent, "", 0, outline=node(NodeKind.WORKFLOW, "wide", *sections))
    at = 0.0
    for part in range(len(sections) // 3):
        tape.add(ev.StepsExecutionStartedEvent, f"section_{part}", at, count=40)
        for i in range(40):
            at += 0.01
            tape.step(f"section_{part}/step_{i}", at, at + 0.009)
        tape.add(ev.StepsExecutionCompletedEvent, f"section_{part}", at, outcome="completed")
    return tape.state


def looped_state() -> RunState:
    """A run with loops in loops and behind an else, each with a single child."""

    def go(step_input: StepInput) -> int:
        return 1

    alone = Loop(name="alone", steps=[Step(name="try", executor=go)], max_iterations=2)
    inner = Loop(name="inner", steps=[Step(name="try", executor=go)], max_iterations=1)
    outer = Loop(name="outer", steps=[inner], max_iterations=3)
    sides = Condition(name="if", evaluator=False, steps=[go], else_steps=[alone])
    workflow = Workflow(
        name="w", db=False, steps=[alone, outer, sides, Step(name="try", executor=go)]
    )
    return RunState().after(workflow.run().events)
