"""Starts a worker: it leaves the process that started it at once, then waits for its orders.

Nothing heavy is imported before the fork, so that whoever started it waits for milliseconds.
"""

import gc
import os
import sys


def main() -> None:
    """Become nobody's child, in a session and process group of its own, and live there."""
    control = _control_fd(sys.argv[1:])
    if os.fork():
        os._exit(0)
    os.setsid()
    # Deferred: everything behind it belongs to the forked process alone.
    from tuiflow.model.bulk import uncollected  # noqa: PLC0415

    with uncollected():
        from tuiflow.worker.life import live  # noqa: PLC0415

        # It stays, and need not be looked through later either.
        gc.freeze()
    live(control)


def _control_fd(arguments: list[str]) -> int:
    match arguments:
        case ["--control", number] if number.isdecimal():
            return int(number)
        case _:
            print("a worker is started by tuiflow, with --control FD", file=sys.stderr)
            sys.exit(2)


if __name__ == "__main__":
    main()
