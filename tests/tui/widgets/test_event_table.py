from textual.message import Message

from tests.taping import START, stored
from tests.tui import tapes
from tests.tui.widgets.shown import lines, shown
from tuiflow.model import events as ev
from tuiflow.model.content import StoredContent
from tuiflow.model.events import Event
from tuiflow.model.ids import NodePath, RunId
from tuiflow.tui.event_words import event_words
from tuiflow.tui.widgets import event_table
from tuiflow.tui.widgets.event_table import EventTable


def page(first: int, end: int) -> list[Event]:
    return [
        ev.StepLogEvent(
            node_path=NodePath("w/a"),
            id=number,
            seq=number,
            at=START + number * 1000,
            run_id=RunId("0199c0de-7f3a"),
            text=f"said {number}",
        )
        for number in range(first, end)
    ]


async def test_a_row_says_when_what_where_and_why():
    table = EventTable()
    async with shown(table, (120, 20)):
        table.show(tapes.failed_tape().in_order())

        row = next(line for line in lines(table) if "StepError" in line)
        assert "✗ StepError" in row
        assert "enrich › currency" in row
        assert "+4.300" in row
        assert "KeyError: 'EUR'" in row
        assert lines(table)[0].split()[:4] == ["seq", "time", "+Δ", "kind"]


async def test_a_cursor_put_before_there_was_any_room_leaves_the_first_rows_in_sight():
    table = EventTable()
    table.display = False
    async with shown(table, (100, 20)) as pilot:
        table.show(page(0, 30))
        table.move_to(12)
        table.display = True
        await pilot.pause()

        assert (table.top_row, table.cursor_row) == (0, 12)


async def test_over_all_runs_the_rows_say_their_run_and_the_id_of_the_table():
    table = EventTable()
    async with shown(table, (120, 20)):
        table.show([page(7, 8)[0].model_copy(update={"id": 1234})], with_run=True)

        assert "1234" in lines(table)[1]
        assert "7f3a" in lines(table)[1]


async def test_pages_come_at_both_ends_and_move_nothing():
    table = EventTable()
    async with shown(table, (100, 20)) as pilot:
        table.show(page(1000, 1200))
        table.move_to(1100)
        await pilot.pause()
        seen = lines(table)

        table.prepend(page(800, 1000))
        table.append(page(1200, 1400))
        await pilot.pause()

        assert lines(table) == seen
        assert table.cursor_event is not None
        assert table.cursor_event.id == 1100
        assert (table.first_event.id, table.last_event.id) == (800, 1399)  # type: ignore[union-attr]


async def test_a_full_table_has_room_for_who_follows_or_comes_near_its_end_and_takes_no_row_away():
    table = EventTable()
    async with shown(table, (100, 20)) as pilot:
        table.show(page(0, 1000))
        assert table.has_room

        table.show(page(0, event_table.MOST_ROWS))
        await pilot.pause()
        assert not table.has_room

        table.move_to(event_table.MOST_ROWS - 100)
        await pilot.pause()
        assert table.has_room
        table.move_to(10)
        await pilot.pause()
        assert not table.has_room
        table.follow = True
        assert table.has_room


async def test_coming_near_an_end_asks_for_more_once_where_there_is_more():
    table = EventTable()
    told: list[Message] = []

    def asked() -> int:
        return sum(isinstance(message, EventTable.WantsMore) for message in told)

    async with shown(table, (100, 20), told=told) as pilot:
        table.show(page(1000, 1600))
        await pilot.press("G", "k")
        assert not table.wants_newer
        table.has_newer = True
        await pilot.press("k", "k")
        assert table.wants_newer
        assert asked() == 1
        table.has_older = True
        await pilot.press("g")

        assert (table.wants_older, table.wants_oldest) == (True, True)
        assert asked() == 3


async def test_at_the_end_of_what_was_read_it_follows_only_where_that_is_the_end_of_all():
    table = EventTable()
    async with shown(table, (100, 20)) as pilot:
        table.show(page(1, 100))
        await pilot.press("G", "k", "j", "j")
        assert table.follow
        await pilot.press("k")
        table.has_newer = True
        await pilot.press("j", "j")
        assert not table.follow
        await pilot.press("G")

        assert table.follow  # the newest of all is wanted


async def test_an_empty_table_says_why_it_is_empty():
    table = EventTable()
    async with shown(table):
        table.empty = "Nothing was recorded here yet."
        table.show([])
        assert lines(table)[1].strip() == "Nothing was recorded here yet."
        table.show(page(1, 3))

        assert "Nothing" not in "".join(lines(table))


async def test_following_stays_on_the_newest_until_the_cursor_goes_up():
    table = EventTable()
    async with shown(table, (100, 20)) as pilot:
        table.follow = True
        table.show(page(1, 100))
        table.append(page(100, 150))
        assert table.cursor_event is not None
        assert table.cursor_event.id == 149

        await pilot.press("k")
        table.append(page(150, 200))
        assert not table.follow
        assert table.cursor_event.id == 148
        await pilot.press("f")
        assert table.cursor_event.id == 199


async def test_enter_opens_the_event_under_the_cursor():
    table = EventTable()
    told: list[Message] = []
    async with shown(table, told=told) as pilot:
        table.show(page(1, 10))
        await pilot.press("j", "enter")
        await pilot.pause()

        assert told[-1] == EventTable.Opened(page(2, 3)[0])


async def test_the_next_event_of_the_same_kind_is_found():
    table = EventTable()
    async with shown(table):
        table.show(tapes.failed_tape().in_order())

        assert table.next_of_kind() is False
        table.move_to(2)
        assert table.next_of_kind()
        assert table.cursor_event is not None
        assert table.cursor_event.kind == "StepStarted"


def test_every_kind_of_event_has_a_summary_of_one_line():
    path = NodePath("w/a")
    samples: list[tuple[Event, str]] = [
        (ev.StepCompletedEvent(node_path=path, content=StoredContent(value={"a": 1})), '{"a": 1}'),
        (ev.StepProgressEvent(node_path=path, done=3, total=7, message="rows"), "3 of 7  rows"),
        (
            ev.StepStartedEvent(node_path=path, attempt=2, previous=NodePath("w/b")),
            "try 2",
        ),
        (
            ev.StepCompletedEvent(node_path=path, content=stored(range(3))),
            "range(0, 3) (a preview)",
        ),
        (
            ev.StepRetryingEvent(node_path=path, failure=tapes.KEY_ERROR, next_attempt=2),
            "KeyError: 'EUR'  try 2 in 0.0 s",
        ),
        (
            ev.ConditionExecutionStartedEvent(node_path=path, result=True, branch="then"),
            "True → then",
        ),
        (
            ev.RouterExecutionStartedEvent(node_path=path, selected=(NodePath("w/r/mail"),)),
            "→ mail",
        ),
        (ev.LoopIterationStartedEvent(node_path=path, iteration=3), "iteration 3"),
        (ev.WorkflowCancelledEvent(node_path=path, reason="by\nhand"), "by⏎hand"),
        (ev.StepLogEvent(node_path=path, text="\x1b]0;x\x07said"), "said"),
        (ev.CustomEvent(node_path=path, name="paid", data={"eur": 3}), 'paid  {"eur": 3}'),
        (ev.WorkflowErrorEvent(node_path=path, failure=tapes.KEY_ERROR), "KeyError: 'EUR'"),
        (ev.ParallelExecutionStartedEvent(node_path=path, count=3), "3 branches"),
        (ev.LoopExecutionCompletedEvent(node_path=path, outcome="stopped"), "stopped"),
    ]

    assert [event_words(event) for event, _ in samples] == [words for _, words in samples]
