"""What happens in the runs of the scenes: the shapes of three workflows and their events."""

from io import BytesIO

from PIL import Image, ImageDraw

from tests.taping import Tape, key_error, node, step, stored
from tuiflow.model import events as ev
from tuiflow.model.failure import Failure, Frame
from tuiflow.model.ids import Revision
from tuiflow.model.outline import NodeKind, Outline
from tuiflow.model.stored_medium import StoredMedium


def labeled(name: str) -> Outline:
    return step(name).model_copy(update={"label": name})


DAILY = node(
    NodeKind.WORKFLOW,
    "daily_orders",
    labeled("fetch_orders"),
    node(NodeKind.PARALLEL, "enrich", labeled("geo"), labeled("fraud_score"), labeled("currency")),
    node(NodeKind.LOOP, "each region", labeled("load_region"), label="max 12"),
    node(
        NodeKind.CONDITION,
        "any totals",
        labeled("publish"),
        node(NodeKind.ELSE, "else", labeled("notify_empty")),
        label="has_totals",
    ),
    labeled("archive"),
)
REPORT = node(
    NodeKind.WORKFLOW,
    "code_report",
    node(
        NodeKind.PARALLEL, "look", labeled("count_lines"), labeled("find_todos"), labeled("biggest")
    ),
    labeled("write_report"),
)
SEARCH = node(
    NodeKind.WORKFLOW,
    "estimate_pi",
    node(
        NodeKind.LOOP,
        "refine",
        node(NodeKind.PARALLEL, "sample", labeled("north"), labeled("south")),
        labeled("combine"),
        label="max 40",
    ),
)
PRICES = node(NodeKind.WORKFLOW, "compare_prices", labeled("ask_shops"), labeled("compare"))
ORDERS = [
    {"id": 10231, "ccy": "EUR", "amount": 41.5, "country": "NL"},
    {"id": 10232, "ccy": "USD", "amount": 12.0, "country": "US"},
    {"id": 10233, "ccy": "GBP", "amount": 99.9, "country": "GB"},
]
KEY_ERROR = key_error(
    Frame(
        file="workflows/daily.py", line=9, function="currency", source='rate = table[order["ccy"]]'
    )
)


def begun(outline: Outline, value: object) -> Tape:
    """Begin a run with its first event."""
    tape = Tape(outline.name)
    revision = Revision("a1c9" + "0" * 60)
    tape.add(
        ev.WorkflowStartedEvent, "", 0, input=stored(value), revision=revision, outline=outline
    )
    return tape


def _daily_until_enrich() -> Tape:
    tape = begun(DAILY, {"day": "2026-08-23", "region": ["eu-west", "us-east"]})
    tape.add(ev.StepStartedEvent, "fetch_orders", 0.05)
    tape.say("fetch_orders", 1.2, "GET orders 2026-08-23 page 1")
    tape.say("fetch_orders", 4.8, "GET orders 2026-08-23 page 2")
    tape.say("fetch_orders", 8.1, "4 815 orders")
    tape.add(ev.StepCompletedEvent, "fetch_orders", content=stored(ORDERS))
    tape.add(ev.ParallelExecutionStartedEvent, "enrich", 8.2, count=3)
    for name in ("geo", "fraud_score", "currency"):
        tape.add(ev.StepStartedEvent, f"enrich/{name}", previous=tape.path("fetch_orders"))
    return tape


def daily_running() -> Tape:
    tape = _daily_until_enrich()
    tape.say("enrich/fraud_score", 9, "model v12, 4 815 rows")
    progress = {"total": 4815, "message": "rows"}
    tape.add(ev.StepProgressEvent, "enrich/fraud_score", 20, done=1200, **progress)
    geo = stored({"NL": 2110, "US": 1804, "GB": 901})
    tape.add(ev.StepCompletedEvent, "enrich/geo", 29.2, content=geo)
    tape.say("enrich/currency", 30, "no rate for EUR, waiting for the table", "warning")
    tape.add(ev.StepProgressEvent, "enrich/fraud_score", 52, done=3120, **progress)
    tape.say("enrich/fraud_score", 58, "3 120 of 4 815 rows")
    return tape


def daily_failed() -> Tape:
    tape = _daily_until_enrich()
    tape.say("enrich/currency", 9, "3 currencies in 4 815 orders")
    tape.add(ev.StepErrorEvent, "enrich/currency", 12.6, failure=KEY_ERROR)
    geo = stored({"NL": 2110, "US": 1804, "GB": 901})
    tape.add(ev.StepCompletedEvent, "enrich/geo", 29.2, content=geo)
    scores = stored([0.02, 0.81, 0.11])
    tape.add(ev.StepCompletedEvent, "enrich/fraud_score", 41, content=scores)
    ended = {"count": 3, "outcome": "error", "failure": KEY_ERROR}
    tape.add(ev.ParallelExecutionCompletedEvent, "enrich", 41.1, **ended)
    tape.add(ev.WorkflowErrorEvent, "", 41.2, failure=KEY_ERROR)
    return tape


def daily_cancelled() -> Tape:
    tape = _daily_until_enrich()
    tape.add(ev.StepCompletedEvent, "enrich/geo", 29.2, content=stored({"NL": 2110, "US": 1804}))
    for name in ("fraud_score", "currency"):
        tape.add(ev.StepCancelledEvent, f"enrich/{name}", 41, reason="cancelled on the screen")
    ended = {"count": 3, "outcome": "cancelled"}
    tape.add(ev.ParallelExecutionCompletedEvent, "enrich", 41.1, **ended)
    tape.add(ev.WorkflowCancelledEvent, "", 41.2, reason="cancelled on the screen")
    return tape


def daily_crashed() -> Tape:
    tape = _daily_until_enrich()
    late = Failure(type="ConnectionError", message="the bank does not answer", frames=())
    tape.add(
        ev.StepRetryingEvent,
        "enrich/currency",
        12.6,
        failure=late,
        delay=2.0,
        next_attempt=2,
    )
    tape.add(ev.WorkflowCrashedEvent, "", 41.2, reason="its worker was killed (signal 9)")
    return tape


REPORT_TEXT = (
    "# Code report\n\n| language | lines |\n|---|---|\n| Python | 9 728 |\n| SQL | 214 |\n"
)


def report_done(text: str = REPORT_TEXT) -> Tape:
    tape = begun(REPORT, None)
    tape.add(ev.ParallelExecutionStartedEvent, "look", count=3)
    outputs = (
        ("count_lines", 0.9, {"Python": 9728, "SQL": 214, "TOML": 190}),
        ("find_todos", 1.1, []),
        ("biggest", 1.3, ["fold.py:294", "content.py:249"]),
    )
    for name, _, _ in outputs:
        tape.add(ev.StepStartedEvent, f"look/{name}", 0.01)
    tape.say("look/count_lines", 0.4, "68 files")
    for name, at, value in outputs:
        tape.add(ev.StepCompletedEvent, f"look/{name}", at, content=stored(value))
    tape.add(ev.ParallelExecutionCompletedEvent, "look", count=3, outcome="completed")
    tape.add(ev.StepStartedEvent, "write_report", 1.31, previous=tape.path("look"))
    tape.add(ev.StepCompletedEvent, "write_report", 1.5, content=stored(text))
    tape.add(ev.WorkflowCompletedEvent, "", content=stored(text))
    return tape


def report_retried() -> Tape:
    """A step that failed twice, each time in its own way, before it gave something."""
    tape = begun(REPORT, None)
    tape.add(ev.ParallelExecutionStartedEvent, "look", count=3)
    tape.add(ev.StepStartedEvent, "look/count_lines", max_attempts=3)
    late = Failure(type="TimeoutError", message="no answer in 1 s", frames=KEY_ERROR.frames)
    for number, failure in enumerate((KEY_ERROR, late), start=2):
        told = {"failure": failure, "delay": 0.5, "next_attempt": number}
        tape.add(ev.StepRetryingEvent, "look/count_lines", number * 1.0, **told)
        started = {"attempt": number, "max_attempts": 3}
        tape.add(ev.StepStartedEvent, "look/count_lines", number + 0.5, **started)
    tape.add(ev.StepCompletedEvent, "look/count_lines", 4, attempt=3, content=stored({"SQL": 214}))
    tape.add(ev.ParallelExecutionCompletedEvent, "look", 4.1, count=3, outcome="completed")
    tape.add(ev.WorkflowCompletedEvent, "", 4.2)
    return tape


def report_with_pictures() -> Tape:
    tape = report_done()
    at = next(at for at, it in enumerate(tape.events) if it.node_path.endswith("write_report"))
    completed = tape.events[at + 1]
    sheet = StoredMedium(
        kind="image",
        id="sheet",
        name="growth.png",
        mime_type="image/png",
        digest=tape.keep(drawn_png()),
        size=len(drawn_png()),
    )
    talk = StoredMedium(
        kind="audio",
        id="talk",
        name="talk.mp3",
        mime_type="audio/mpeg",
        digest=tape.keep(b"ID3"),
        size=1_843_000,
    )
    tape.events[at + 1] = completed.model_copy(update={"media": (sheet, talk)})
    return tape


def drawn_png() -> bytes:
    """Draw a small chart."""
    picture = Image.new("RGB", (240, 120), "#101418")
    pen = ImageDraw.Draw(picture)
    for column in range(12):
        height = 12 + column * column * 3 // 4
        shade = (40 + column * 16, 190 - column * 6, 200)
        pen.rectangle((column * 20 + 3, 118 - height, column * 20 + 16, 118), fill=shade)
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def search_running() -> Tape:
    tape = begun(SEARCH, None)
    tape.add(ev.LoopExecutionStartedEvent, "refine", max_iterations=40)
    before = None
    for turn in (1, 2, 3):
        begin, here = (turn - 1) * 6.0, f"refine[{turn}]"
        tape.add(ev.LoopIterationStartedEvent, here, begin + 0.1, iteration=turn)
        tape.add(ev.ParallelExecutionStartedEvent, f"{here}/sample", count=2)
        tape.add(ev.StepStartedEvent, f"{here}/sample/north", previous=before)
        tape.add(ev.StepStartedEvent, f"{here}/sample/south", previous=before)
        if turn < 3:
            _end_turn(tape, here, begin, turn)
            before = tape.path(f"{here}/combine")
    progress = {"done": 2_400_000, "total": 4_000_000}
    tape.add(ev.StepProgressEvent, "refine[3]/sample/south", 13, **progress)
    return tape


def _end_turn(tape: Tape, here: str, begin: float, turn: int) -> None:
    sample, combine = f"{here}/sample", f"{here}/combine"
    tape.add(ev.StepCompletedEvent, f"{sample}/north", begin + 4, content=stored(3.1412))
    tape.add(ev.StepCompletedEvent, f"{sample}/south", begin + 5, content=stored(3.1420))
    tape.add(ev.ParallelExecutionCompletedEvent, sample, outcome="completed")
    tape.add(ev.StepStartedEvent, combine, previous=tape.path(sample))
    estimate = stored({"estimate": 3.1416, "error": 0.0004})
    tape.add(ev.StepCompletedEvent, combine, begin + 5.5, content=estimate)
    ended = {"iteration": turn, "should_continue": True, "outcome": "completed"}
    tape.add(ev.LoopIterationCompletedEvent, here, begin + 5.6, **ended)
