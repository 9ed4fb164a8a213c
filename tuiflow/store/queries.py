"""Loads the named queries of `sql/*.sql`."""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "sql"
_MARK = "-- name: "


def sql(*names: str) -> str:
    """Give a query by its name, or put it together from named parts."""
    queries = load_queries()
    return "\n".join([queries[name] for name in names])


@cache
def load_queries() -> dict[str, str]:
    """Read every named query: without its comments and the last semicolon."""
    queries: dict[str, str] = {}
    for path in sorted(_FOLDER.glob("*.sql")):
        for part in path.read_text(encoding="utf-8").split(_MARK)[1:]:
            name, _, text = part.partition("\n")
            lines = [line for line in text.splitlines() if not line.startswith("--")]
            queries[name.strip()] = "\n".join(lines).strip().removesuffix(";")
    return queries
