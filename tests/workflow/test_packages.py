"""Values whose classes live in a package that the workflow imports."""

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from tuiflow import StepInput, Workflow
from tuiflow.errors import StepFailedError

ORDERS = """
from dataclasses import dataclass
from enum import Enum
from typing import TypedDict

from pydantic import BaseModel


class Colour(Enum):
    red = "r"


@dataclass
class Box:
    colour: Colour


class Order(BaseModel):
    boxes: list[Box]

    class Line(BaseModel):
        number: int


class Row(TypedDict):
    order: Order
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    package = tmp_path / "shop_of_the_test"
    package.mkdir()
    (package / "__init__.py").write_text("from shop_of_the_test.orders import *")
    (package / "orders.py").write_text(ORDERS)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module(package.name)
    for name in (package.name, f"{package.name}.orders"):
        sys.modules.pop(name, None)


def test_they_come_back_as_what_they_were_after_a_resume_too(tmp_path: Path, shop: Any):
    order = shop.Order(boxes=[shop.Box(shop.Colour.red)])
    values = [order, [order, shop.Order.Line(number=1)], shop.Row(order=order), shop.Colour.red]
    seen: list[object] = []

    def give(step_input: StepInput) -> object:
        return values

    def take(step_input: StepInput) -> str:
        seen.append(step_input.previous_step_content)
        return str(1 / (len(seen) - 1))

    workflow = Workflow(name="w", steps=[give, take], db=tmp_path / "x.db")
    with pytest.raises(StepFailedError):
        workflow.run(run_id="the-run")
    workflow.resume("the-run")

    assert seen[0] is values
    assert seen[1] is not values
    assert seen[1] == values
    assert repr(seen[1]) == repr(values)


def test_where_the_package_is_not_imported_a_step_that_needs_one_runs_again(
    tmp_path: Path, shop: Any
):
    calls: list[str] = []

    def give(step_input: StepInput) -> object:
        calls.append("give")
        return shop.Colour.red

    def take(step_input: StepInput) -> str:
        calls.append("take")
        return str(1 / (calls.count("take") - 1))

    workflow = Workflow(name="w", steps=[give, take], db=tmp_path / "x.db")
    with pytest.raises(StepFailedError):
        workflow.run(run_id="the-run")
    del sys.modules["shop_of_the_test.orders"]
    workflow.resume("the-run")

    assert calls == ["give", "take", "give", "take"]
    assert "shop_of_the_test.orders" not in sys.modules
