"""What it costs to keep what steps give: many models in one, and one big value handed on."""

import time
from collections.abc import Callable, Iterator

from pydantic import BaseModel

from tests.benchmarks.engine import STEPS, microseconds_per_step, sequence
from tests.benchmarks.table import Figure, median_of
from tuiflow import Step, StepInput
from tuiflow.model.content import decode_content, encode_content

MODELS = 10_000
HANDED_ON = 100  # steps
TEN_MB = 10_000_000  # characters


class Tag(BaseModel):
    name: str
    weight: float


class Item(BaseModel):
    number: int
    title: str
    tag: Tag


class Shelf(BaseModel):
    items: list[Item]


class Report(BaseModel):
    body: str
    rows: list[list[float]]


def measure() -> list[Figure]:
    items = [
        Item(number=number, title=f"item {number}", tag=Tag(name="new", weight=0.5))
        for number in range(MODELS // 2)
    ]
    shelf = Shelf(items=items)
    plain = median_of(5, lambda: milliseconds(shelf.model_dump_json))
    written = median_of(5, lambda: milliseconds(lambda: encode_content(shelf)))
    encoded = encode_content(shelf)
    read = median_of(5, lambda: milliseconds(lambda: decode_content(encoded.stored, encoded.blob)))
    step = median_of(3, lambda: microseconds_per_step(sequence(STEPS), STEPS))
    peer = "pydantic, without types"
    return [
        Figure("10 000 nested models written", written, "ms", "", peer, plain),
        Figure("the same read back", read, "ms"),
        *(
            Figure(f"10 MB of {what} through {HANDED_ON} steps, each", each, "µs", "", peer, beside)
            for what, each, peer, beside in handed_on(step)
        ),
    ]


def handed_on(step: float) -> Iterator[tuple[str, float, str, float]]:
    """Give what a step costs that hands a value on, and what encoding the value costs."""
    values: dict[str, object] = {
        "text": "x" * TEN_MB,
        "lines": [f"{number:99}\n" for number in range(TEN_MB // 100)],
        "a model": Report(body="x" * (TEN_MB // 2), rows=[[0.5] * 10] * (TEN_MB // 80)),
    }
    for what, value in values.items():
        handed = median_of(3, lambda v=value: microseconds_per_step(handing_on(v), HANDED_ON))
        encoding = milliseconds(lambda v=value: encode_content(v)) * 1e3
        yield what, handed, *(("a no-op", step) if what == "text" else ("encoding it", encoding))


def milliseconds(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return (time.perf_counter() - begin) * 1e3


def handing_on(value: object) -> dict[str, object]:
    def make(step_input: StepInput) -> object:
        return value

    async def hand_on(step_input: StepInput) -> object:
        return step_input.previous_step_content

    rest = [Step(name=f"s{number}", executor=hand_on) for number in range(HANDED_ON - 1)]
    return {"steps": [Step(name="make", executor=make), *rest]}
