"""What was typed, read into one frozen value. Only argparse: `--help` must come at once."""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from tuiflow import __version__
from tuiflow.cli.exit_codes import ExitCode
from tuiflow.cli.options import OPTIONS
from tuiflow.model.safe_text import safe_text

COMMANDS = {
    "run": "start a workflow and follow it to its end",
    "list": "the workflows of the folder",
    "runs": "the latest runs",
    "show": "one run: its steps and what it gave",
    "events": "the events of one run",
    "cancel": "ask a run to stop",
    "resume": "let a failed, cancelled or crashed run go on",
    "rerun": "run again from a step, and reuse what was before it",
    "torture": "kill a workflow's workers at random instants, and check what it was promised",
    "prune": "delete old runs, or one",
    "verify": "check what is kept: logs without gaps, every start with its end, whole blobs",
    "demo": "open the screen on the samples",
}
_OPENING = "open the screen on a folder or file of workflows, or give a command"


@dataclass(frozen=True)
class Arguments:
    """One command with its options; a field that is not the command's own keeps its default."""

    command: str
    """One of COMMANDS, or `screen`."""
    target: Path | None = None
    db: str | None = None
    python: Path | None = None
    json: bool = False
    name: str = ""
    words: Sequence[str] = ()
    """Of `run`: the message, or the key=value pairs, as typed."""
    input: str | None = None
    data: Sequence[str] = ()
    session: str | None = None
    user: str | None = None
    images: Sequence[str] = ()
    videos: Sequence[str] = ()
    audio: Sequence[str] = ()
    files: Sequence[str] = ()
    detach: bool = False
    save_media: Path | None = None
    run: str = ""
    from_path: str | None = None
    kills: int = 100
    seed: int | None = None
    at_once: int = 2
    workflow: str | None = None
    limit: int = 20
    follow: bool = False
    kill: bool = False
    all: bool = False
    older_than: float | None = None
    """Days."""
    keep: int | None = None
    dry_run: bool = False


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in the sentence every other error has, and where the help is."""

    def error(self, message: str) -> NoReturn:
        print(f"tuiflow: {safe_text(message)} (see `{self.prog} --help`)", file=sys.stderr)
        raise SystemExit(ExitCode.USAGE)


def parse_arguments(argv: Sequence[str]) -> Arguments:
    """Read the command line; raises SystemExit after help, and with 2 where it cannot be read."""
    parser = _opening_parser()
    opening = parser.parse_args(argv)
    rest: list[str] = opening.rest
    if not rest or rest[0] not in COMMANDS:
        return _screen_arguments(parser, opening, rest)
    command = rest[0]
    command_parser = _command_parser(command)
    arguments = _arguments(command, command_parser.parse_intermixed_args(rest[1:], opening))
    if command == "cancel" and bool(arguments.run) is arguments.all:
        command_parser.error("give a RUN, or --all for every run that is going on")
    if (
        command == "prune"
        and arguments.run
        and (arguments.older_than, arguments.keep) != (None,) * 2
    ):
        command_parser.error("give a RUN, or say with --older-than and --keep which ones")
    return arguments


def _screen_arguments(
    parser: _Parser, opening: argparse.Namespace, rest: Sequence[str]
) -> Arguments:
    if rest and not rest[0].startswith("-") and not os.path.exists(rest[0]):
        parser.error(f"there is no folder, file or command {rest[0]!r}{_nearest(rest[0])}")
    screen = _Parser(prog=parser.prog, parents=[_common_options()], add_help=False)
    screen.add_argument("path", nargs="?", type=Path)
    given = screen.parse_args(rest, opening)
    if given.path is not None:
        given.target = given.path
    return _arguments("screen", given)


def _arguments(command: str, given: argparse.Namespace) -> Arguments:
    named = {field.name for field in fields(Arguments)}
    values = {name: value for name, value in vars(given).items() if name in named}
    return Arguments(command=command, **values)


def _nearest(word: str) -> str:
    match = get_close_matches(word, COMMANDS, n=1)
    return f"; did you mean `tuiflow {match[0]}`?" if match else ""


def _common_options() -> argparse.ArgumentParser:
    # SUPPRESS, so that an option before the command is not overwritten by its own absence after.
    parser = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    parser.add_argument("--db", metavar="PATH", help="the database; .tuiflow/tuiflow.db if unset")
    parser.add_argument(
        "--python", type=Path, metavar="PATH", help="the interpreter that runs the workflows"
    )
    parser.add_argument(
        "--folder",
        dest="target",
        type=Path,
        metavar="PATH",
        help="where the workflows are: a folder or one file; workflows/ if unset",
    )
    return parser


def _opening_parser() -> _Parser:
    width = max(len(name) for name in COMMANDS)
    commands = "\n".join(f"  {name:{width}}  {text}" for name, text in COMMANDS.items())
    parser = _Parser(
        prog="tuiflow",
        usage="tuiflow [options] [FOLDER | FILE]\n       tuiflow [options] COMMAND …",
        description="A full-screen terminal monitor for Python workflows.",
        epilog=f"commands:\n{commands}\n\n`tuiflow COMMAND --help` says more about one.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_common_options()],
    )
    parser.add_argument("--version", action="version", version=f"tuiflow {__version__}")
    parser.add_argument(
        "rest", nargs=argparse.REMAINDER, metavar="FOLDER | FILE | COMMAND …", help=_OPENING
    )
    return parser


def _command_parser(command: str) -> _Parser:
    parser = _Parser(
        prog=f"tuiflow {command}",
        description=COMMANDS[command].capitalize() + ".",
        parents=[_common_options()],
        argument_default=argparse.SUPPRESS,
    )
    if command != "demo":
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
    if command in OPTIONS:
        OPTIONS[command](parser)
    return parser
