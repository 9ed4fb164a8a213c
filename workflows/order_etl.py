"""Reads the orders of three regions, sets bad rows aside and writes totals to a SQLite file.

Try: start it and read `output/rejects.txt`; then spoil more rows in `data/` and start it again.
"""

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

from pydantic import BaseModel, PastDate, PositiveInt, ValidationError

from tuiflow import Parallel, Router, RunContext, Step, StepInput, Workflow

DATA, OUTPUT = (Path(__file__).parent / name for name in ("data", "output"))


class Order(BaseModel):
    day: PastDate
    product: str
    cents: PositiveInt


def read_orders(step_input: StepInput, run_context: RunContext) -> list[Order | str]:
    found: list[Order | str] = []
    for row in csv.DictReader((DATA / f"{run_context.step_name}.csv").read_text().splitlines()):
        try:
            found.append(Order.model_validate(row))
        except ValidationError as error:
            found.append(f"{run_context.step_name} {row}: {error.errors()[0]['msg']}")
    return found


def set_aside(step_input: StepInput) -> list[Order]:
    found = [each for region in step_input.previous_step_content.values() for each in region]
    OUTPUT.mkdir(exist_ok=True)
    (OUTPUT / "rejects.txt").write_text("\n".join(each for each in found if type(each) is str))
    return [each for each in found if isinstance(each, Order)]


def judge(step_input: StepInput) -> str:
    found = sum(len(region) for region in step_input.get_step_content("read").values())
    return "write_totals" if len(step_input.previous_step_content) > 0.9 * found else "refuse"


def refuse(step_input: StepInput) -> None:
    raise ValueError("more than a tenth of the rows is bad: no totals are written")


def write_totals(step_input: StepInput) -> dict[str, int]:
    orders = [(order.product, order.cents) for order in step_input.previous_step_content]
    with closing(sqlite3.connect(OUTPUT / "orders.db")) as db, db:
        db.executescript("DROP TABLE IF EXISTS orders; CREATE TABLE orders (product, cents)")
        db.executemany("INSERT INTO orders VALUES (?, ?)", orders)
        return dict(db.execute("SELECT product, sum(cents) FROM orders GROUP BY product"))


read = Parallel(*(Step(name=n, executor=read_orders) for n in ("asia", "eu", "us")), name="read")
gate = Router(name="gate", selector=judge, choices=[write_totals, refuse])
workflow = Workflow(name="order_etl", description="Sums good orders", steps=[read, set_aside, gate])
