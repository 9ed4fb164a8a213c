"""`make bench`: every budget as a ratio or a median of one run. Name modules to run only those."""

import importlib
import sys

from tests.benchmarks.table import Figure, print_table

MODULES = (
    "engine",
    "peers",
    "values",
    "memory",
    "event_log",
    "cancelling",
    "screen",
    "events",
    "widgets",
    "long_runs",
    "flood",
)

if __name__ == "__main__":
    figures: list[Figure] = []
    for name in sys.argv[1:] or MODULES:
        print(f"measuring {name} …", file=sys.stderr)  # noqa: T201 - it takes a while
        figures += importlib.import_module(f"tests.benchmarks.{name}").measure()
    print_table(figures)
