"""What it costs to keep what steps give: many models in one, and one big text handed on."""

import time
from collections.abc import Callable

from pydantic import BaseModel

from tests.benchmarks.engine import STEPS, microseconds_per_step, sequence
from tests.benchmarks.table import Figure, median_of
from tuiflow import Step, StepInput
from tuiflow.model.content import decode_content, encode_content

MODELS = 10_000
HANDED_ON = 100  # steps
TEN_MB = "x" * 10_000_000


class Tag(BaseModel):
    name: str
    weight: float


class Item(BaseModel):
    number: int
    title: str
    tag: Tag


class Shelf(BaseModel):
    items: list[Item]


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
    handed = median_of(3, lambda: microseconds_per_step({"steps": handing_on()}, HANDED_ON))
    peer = "pydantic, without types"
    return [
        Figure("10 000 nested models written", written, "ms", "", peer, plain),
        Figure("the same read back", read, "ms"),
        Figure(f"10 MB handed through {HANDED_ON} steps, each", handed, "µs", "", "a no-op", step),
    ]


def milliseconds(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return (time.perf_counter() - begin) * 1e3


def handing_on() -> list[Step]:
    def make(step_input: StepInput) -> str:
        return TEN_MB

    async def hand_on(step_input: StepInput) -> object:
        return step_input.previous_step_content

    rest = [Step(name=f"s{number}", executor=hand_on) for number in range(HANDED_ON - 1)]
    return [Step(name="make", executor=make), *rest]
