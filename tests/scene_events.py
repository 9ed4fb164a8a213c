"""What happens in the runs of the scenes: the shapes of three workflows and their events."""

from dataclasses import dataclass

from tuiflow.model import events as ev
from tuiflow.model.content import encode_content
from tuiflow.model.failure import Failure, Frame
from tuiflow.model.ids import NodePath, Revision, encode_name, root_path
from tuiflow.model.outline import NodeKind, Outline
from tuiflow.model.run_event import RunEvent
from tuiflow.store import EventLog

SECOND = 1_000_000


def node(kind: NodeKind, name: str, *children: Outline, label: str = "") -> Outline:
    return Outline(kind=kind, name=name, segment=encode_name(name), label=label, children=children)


def step(name: str) -> Outline:
    return node(NodeKind.STEP, name, label=name)


DAILY = node(
    NodeKind.WORKFLOW,
    "daily_orders",
    step("fetch_orders"),
    node(NodeKind.PARALLEL, "enrich", step("geo"), step("fraud_score"), step("currency")),
    node(NodeKind.LOOP, "each region", step("load_region"), label="max 12"),
    node(
        NodeKind.CONDITION,
        "any totals",
        step("publish"),
        node(NodeKind.ELSE, "else", step("notify_empty")),
        label="has_totals",
    ),
    step("archive"),
)
REPORT = node(
    NodeKind.WORKFLOW,
    "code_report",
    node(NodeKind.PARALLEL, "look", step("count_lines"), step("find_todos"), step("biggest")),
    step("write_report"),
)
SEARCH = node(
    NodeKind.WORKFLOW,
    "estimate_pi",
    node(
        NodeKind.LOOP,
        "refine",
        node(NodeKind.PARALLEL, "sample", step("north"), step("south")),
        step("combine"),
        label="max 40",
    ),
)


@dataclass
class Recording:
    """Appends a run's events, each at its own time."""

    log: EventLog
    clock: list[int]
    start: int

    def __call__(self, at: float, *events: RunEvent) -> None:
        self.clock[0] = self.start + round(at * SECOND)
        for event in events:
            self.log.append(event)


def path(*names: str) -> NodePath:
    return NodePath("/".join([root_path(names[0]), *(_segment(name) for name in names[1:])]))


def _segment(name: str) -> str:
    head, bracket, number = name.partition("[")
    return encode_name(head) + (bracket + number)


def stored(value: object):
    return encode_content(value).stored


def begin(outline: Outline, value: object) -> RunEvent:
    return ev.WorkflowStartedEvent(
        node_path=root_path(outline.name),
        input=stored(value),
        revision=Revision("a1c9" + "0" * 60),
        outline=outline,
    )


def started(at: NodePath, previous: NodePath | None = None, attempt: int = 1) -> RunEvent:
    return ev.StepStartedEvent(node_path=at, previous=previous, attempt=attempt)


def completed(at: NodePath, value: object) -> RunEvent:
    return ev.StepCompletedEvent(node_path=at, content=stored(value))


def said(at: NodePath, text: str, level: str = "info") -> RunEvent:
    return ev.StepLogEvent.model_validate({"node_path": at, "text": text, "level": level})


ORDERS = [
    {"id": 10231, "ccy": "EUR", "amount": 41.5, "country": "NL"},
    {"id": 10232, "ccy": "USD", "amount": 12.0, "country": "US"},
    {"id": 10233, "ccy": "GBP", "amount": 99.9, "country": "GB"},
]


def _daily_until_enrich(say: Recording) -> None:
    fetch, enrich = path("daily_orders", "fetch_orders"), path("daily_orders", "enrich")
    say(0, begin(DAILY, {"day": "2026-08-23", "region": ["eu-west", "us-east"]}))
    say(0.05, started(fetch))
    say(1.2, said(fetch, "GET orders 2026-08-23 page 1"))
    say(4.8, said(fetch, "GET orders 2026-08-23 page 2"))
    say(8.1, said(fetch, "4 815 orders"), completed(fetch, ORDERS))
    say(8.2, ev.ParallelExecutionStartedEvent(node_path=enrich, count=3))
    for name in ("geo", "fraud_score", "currency"):
        say(8.2, started(NodePath(f"{enrich}/{name}"), fetch))


KEY_ERROR = Failure(
    type="KeyError",
    message="'EUR'",
    frames=(
        Frame(
            file="workflows/daily.py",
            line=9,
            function="currency",
            source='rate = table[order["ccy"]]',
        ),
    ),
)


def daily_running(say: Recording) -> None:
    enrich = path("daily_orders", "enrich")
    geo, fraud = NodePath(f"{enrich}/geo"), NodePath(f"{enrich}/fraud_score")
    currency = NodePath(f"{enrich}/currency")
    _daily_until_enrich(say)
    say(9, said(fraud, "model v12, 4 815 rows"))
    say(20, ev.StepProgressEvent(node_path=fraud, done=1200, total=4815, message="rows"))
    say(29.2, completed(geo, {"NL": 2110, "US": 1804, "GB": 901}))
    say(30, said(currency, "no rate for EUR, waiting for the table", "warning"))
    say(52, ev.StepProgressEvent(node_path=fraud, done=3120, total=4815, message="rows"))
    say(58, said(fraud, "3 120 of 4 815 rows"))


def daily_failed(say: Recording) -> None:
    enrich = path("daily_orders", "enrich")
    currency = NodePath(f"{enrich}/currency")
    _daily_until_enrich(say)
    say(9, said(currency, "3 currencies in 4 815 orders"))
    say(12.6, ev.StepErrorEvent(node_path=currency, failure=KEY_ERROR))
    say(29.2, completed(NodePath(f"{enrich}/geo"), {"NL": 2110, "US": 1804, "GB": 901}))
    say(41, completed(NodePath(f"{enrich}/fraud_score"), [0.02, 0.81, 0.11]))
    say(
        41.1,
        ev.ParallelExecutionCompletedEvent(
            node_path=enrich, count=3, outcome="error", failure=KEY_ERROR
        ),
    )
    say(41.2, ev.WorkflowErrorEvent(node_path=root_path("daily_orders"), failure=KEY_ERROR))


def report_done(say: Recording) -> None:
    look, write = path("code_report", "look"), path("code_report", "write_report")
    root = root_path("code_report")
    say(0, begin(REPORT, None), ev.ParallelExecutionStartedEvent(node_path=look, count=3))
    for name in ("count_lines", "find_todos", "biggest"):
        say(0.01, started(NodePath(f"{look}/{name}")))
    say(0.4, said(NodePath(f"{look}/count_lines"), "68 files"))
    say(0.9, completed(NodePath(f"{look}/count_lines"), {"Python": 9728, "SQL": 214, "TOML": 190}))
    say(1.1, completed(NodePath(f"{look}/find_todos"), []))
    say(1.3, completed(NodePath(f"{look}/biggest"), ["fold.py:294", "content.py:249"]))
    say(1.3, ev.ParallelExecutionCompletedEvent(node_path=look, count=3, outcome="completed"))
    say(1.31, started(write, look))
    text = "# Code report\n\n| language | lines |\n|---|---|\n| Python | 9 728 |\n| SQL | 214 |\n"
    say(
        1.5, completed(write, text), ev.WorkflowCompletedEvent(node_path=root, content=stored(text))
    )


def search_running(say: Recording) -> None:
    refine = path("estimate_pi", "refine")
    say(0, begin(SEARCH, None), ev.LoopExecutionStartedEvent(node_path=refine, max_iterations=40))
    before: NodePath | None = None
    for turn in (1, 2, 3):
        at = (turn - 1) * 6.0
        here = NodePath(f"{refine}[{turn}]")
        sample = NodePath(f"{here}/sample")
        say(at + 0.1, ev.LoopIterationStartedEvent(node_path=here, iteration=turn))
        say(at + 0.1, ev.ParallelExecutionStartedEvent(node_path=sample, count=2))
        say(at + 0.1, started(NodePath(f"{sample}/north"), before))
        say(at + 0.1, started(NodePath(f"{sample}/south"), before))
        if turn == 3:
            break
        say(at + 4, completed(NodePath(f"{sample}/north"), 3.1412))
        say(at + 5, completed(NodePath(f"{sample}/south"), 3.1420))
        say(at + 5, ev.ParallelExecutionCompletedEvent(node_path=sample, outcome="completed"))
        before = NodePath(f"{here}/combine")
        say(at + 5, started(before, sample))
        say(at + 5.5, completed(before, {"estimate": 3.1416, "error": 0.0004}))
        say(
            at + 5.6,
            ev.LoopIterationCompletedEvent(
                node_path=here, iteration=turn, should_continue=True, outcome="completed"
            ),
        )
    south = NodePath(f"{refine}[3]/sample/south")
    say(13, ev.StepProgressEvent(node_path=south, done=2_400_000, total=4_000_000))
