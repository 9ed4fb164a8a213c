"""Figures of one run, beside their peers of the same run: absolute times are this machine's own."""

import os
import platform
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One measured thing; `value` is a median, `peer` what it is compared with."""

    name: str
    value: float
    unit: str
    budget: str = ""
    peer: str = ""
    peer_value: float | None = None

    @property
    def ratio(self) -> str:
        return f"{self.value / self.peer_value:.2f} ×" if self.peer_value else ""


def median_of(times: int, measure: Callable[[], float]) -> float:
    """Measure several times and take the median."""
    return statistics.median(measure() for _ in range(times))


def print_table(figures: list[Figure]) -> None:
    table = Table("what", "median", "budget", "ratio", "beside", box=box.SIMPLE_HEAD)
    for figure in figures:
        peer = f"{figure.peer} {figure.peer_value:,.0f} {figure.unit}" if figure.peer_value else ""
        digits = 0 if figure.value >= 10 or figure.value == int(figure.value) else 2
        shown = f"{figure.value:,.{digits}f} {figure.unit}"
        table.add_row(figure.name, shown, figure.budget, figure.ratio, peer)
    console = Console()
    console.print(table)
    load = os.getloadavg()[0]
    console.print(
        f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores "
        f"(shared), load {load:.1f} at the end"
    )
