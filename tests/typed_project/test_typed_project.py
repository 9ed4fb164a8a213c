import io
from pathlib import Path

import pytest
from rich.console import Console

import tuiflow
from tests.typed_project import use
from tests.typed_project.order_flow import Order, by_hand, later, nested, orders
from tuiflow.tui.format import SECOND

ORDER = Order(customer="ann", amounts=[60.0, 70.0])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_pyright_has_checked_also_runs():
    again = use.run(orders, ORDER)

    assert again.content == "thank you, ann"
    assert again.ended_at
    assert again.ended_at - again.created_at < 60 * SECOND
    assert use.tell_all(orders, ORDER)[-1] == "orders gave thank you, ann"
    assert use.stream(by_hand, ORDER) == ["check", "total"]
    assert nested.run(ORDER).content is not None
    use.show(ORDER, Console(file=io.StringIO()))
    assert use.go_on(ORDER).content == "thank you, ann"
    assert use.look_at(orders).startswith("['orders', 'orders-1', 'Checks an order")
    assert "== total ===" in str(orders.run(ORDER).step_results[4].steps[0].steps[0].content)


def test_the_project_uses_every_public_name():
    folder = Path(use.__file__).parent
    written = "".join(path.read_text() for path in folder.glob("*.py"))

    # A Workflow among the steps becomes a NestedWorkflow without its name being written,
    # and a PostgresDb is refused where it is made.
    names = set(tuiflow.__all__) - {"__version__", "NestedWorkflow", "PostgresDb"}
    names |= {name for name in dir(tuiflow.Workflow) if not name.startswith("_")}
    assert {name for name in names if name not in written} == set()


async def test_so_does_what_runs_in_a_loop():
    assert (await use.stream_in_a_loop(by_hand, ORDER))[-1] == "WorkflowCompleted"
    assert await use.poll(orders, ORDER) is not None
    assert (await use.go_on_in_a_loop(ORDER)).content == "thank you, ann"
    assert (await later.arun(ORDER)).content == ORDER
    await use.show_in_a_loop(ORDER, Console(file=io.StringIO()))
