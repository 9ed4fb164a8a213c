"""The options of each command."""

import argparse
from collections.abc import Callable
from pathlib import Path

_MEDIA = {"--image": "images", "--video": "videos", "--audio": "audio", "--file": "files"}
_TOO_MANY = 2**63  # for a database to count
_PER_DAY = {"d": 1, "h": 24, "m": 1_440, "s": 86_400}
RUN_HELP = "the end of a run's id (4 characters or more), or `last`"
Parser = argparse.ArgumentParser


def _add_runs(parser: Parser) -> None:
    parser.add_argument("--limit", type=_count, metavar="N", help="at most N; 20 if unset")
    parser.add_argument("--workflow", metavar="NAME", help="only runs of this workflow")


def _add_show(parser: Parser) -> None:
    parser.add_argument("run", metavar="RUN", help=RUN_HELP)
    _add_save_media(parser)


def _add_events(parser: Parser) -> None:
    parser.add_argument("run", metavar="RUN", help=RUN_HELP)
    parser.add_argument("--follow", action="store_true", help="go on until the run is over")


def _add_cancel(parser: Parser) -> None:
    _add_optional_run(parser)
    parser.add_argument("--all", action="store_true", help="every run that is going on")
    parser.add_argument("--kill", action="store_true", help="end it at once, without cleanup")


def _add_optional_run(parser: Parser) -> None:
    parser.add_argument("run", nargs="?", default="", metavar="RUN", help=RUN_HELP)


def _add_save_media(parser: Parser) -> None:
    parser.add_argument(
        "--save-media",
        type=Path,
        metavar="DIR",
        help="write the run's images, videos, audio and files there; no file is replaced",
    )


def _add_prune(parser: Parser) -> None:
    _add_optional_run(parser)
    parser.add_argument(
        "--older-than",
        type=_days,
        metavar="AGE",
        help="those that ended so long ago, as 30d, 12h or 45m, whatever room they take",
    )
    parser.add_argument(
        "--keep", type=_amount, metavar="N", help="never the newest N of a workflow; 20 if unset"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be deleted")


def _add_run(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME", help="a workflow's name, as `tuiflow list` has it")
    parser.add_argument(
        "words",
        nargs="*",
        default=(),
        metavar="MESSAGE | key=value",
        help="the input: one text (`-` reads it from stdin), or fields by name",
    )
    parser.add_argument(
        "--input", metavar="JSON | @FILE | -", help="the input as JSON, from a file or from stdin"
    )
    parser.add_argument(
        "--data",
        nargs="+",
        action="extend",
        metavar="key=value",
        help="additional data for the steps",
    )
    parser.add_argument(
        "--session", type=_id, metavar="ID", help="the session whose state and history it shares"
    )
    parser.add_argument("--user", type=_id, metavar="ID", help="for whom it runs")
    for option, name in _MEDIA.items():
        parser.add_argument(
            option,
            dest=name,
            action="append",
            metavar="PATH | URL",
            help=f"one of the {name} for the steps; a URL is a reference, never fetched",
        )
    _add_detach(parser)


def _add_detach(parser: Parser) -> None:
    parser.add_argument("--detach", action="store_true", help="print the run's id and leave")


def _add_resume(parser: Parser) -> None:
    parser.add_argument("run", metavar="RUN", help=RUN_HELP)
    _add_detach(parser)


def _add_rerun(parser: Parser) -> None:
    parser.add_argument("run", metavar="RUN", help=RUN_HELP)
    parser.add_argument(
        "--from",
        dest="from_path",
        type=_node,
        metavar="PATH",
        help="the step to begin at, as `look/add_up`; all that was done before it is reused",
    )
    parser.add_argument(
        "--input", metavar="JSON | @FILE | -", help="another input; that of the run if unset"
    )
    _add_detach(parser)


def _add_torture(parser: Parser) -> None:
    parser.add_argument("name", metavar="FILE[:NAME]", help="a workflow's file, or its name")
    parser.add_argument("--kills", type=_count, metavar="N", help="how many; 100 if unset")
    parser.add_argument(
        "--seed", type=_amount, metavar="S", help="of the instants; a new one if unset"
    )
    parser.add_argument(
        "--at-once", type=_count, metavar="N", help="runs beside each other; 2 if unset"
    )
    parser.add_argument(
        "--input", metavar="JSON | @FILE | -", help="the input of every run, as JSON"
    )


def _id(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("an id is not empty")
    return text


def _node(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("a step has a name: leave it out to begin at the start")
    return text


def _days(text: str) -> float:
    number, unit = (text[:-1], text[-1]) if text[-1:] in _PER_DAY else (text, "d")
    try:
        days = float(number) / _PER_DAY[unit]
    except ValueError:
        days = -1.0
    if not days >= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no age: say 30d, 12h, 45m or 10s")
    return days


def _amount(text: str) -> int:
    return _whole(text, least=0)


def _count(text: str) -> int:
    return _whole(text, least=1)


def _whole(text: str, *, least: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if not least <= number < _TOO_MANY:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} up")
    return number


OPTIONS: dict[str, Callable[[Parser], None]] = {
    "run": _add_run,
    "runs": _add_runs,
    "show": _add_show,
    "events": _add_events,
    "cancel": _add_cancel,
    "resume": _add_resume,
    "rerun": _add_rerun,
    "torture": _add_torture,
    "prune": _add_prune,
    "verify": _add_optional_run,
}
"""Adds to a command's parser what is its own."""
