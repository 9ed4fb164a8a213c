"""The full-screen app. Nothing else imports Textual, and it is loaded only when it is shown."""

import signal
from collections.abc import Callable
from pathlib import Path

import anyio

from tuiflow.service import Service, open_service

__all__ = ["run_app"]


def run_app(
    target: Path | None = None,
    db: str | None = None,
    *,
    python: Path | None = None,
    ascii: bool | None = None,  # noqa: A002 - the setting's name
) -> str:
    """Show the app until it is left; gives the line to print after it, which may be empty."""
    # Textual takes half a second to import: only who shows the app pays for it.
    from tuiflow.tui.app import TuiflowApp  # noqa: PLC0415

    async def show() -> str:
        shown = anyio.Event()
        async with open_service(
            target=target, db=db, python=python, ascii=ascii, after=shown
        ) as service:
            app = TuiflowApp(service, on_shown=shown.set)
            async with anyio.create_task_group() as group:
                group.start_soon(_leave_on_signal, app.exit)
                await app.run_async()
                group.cancel_scope.cancel()
            return await _last_line(service)

    return anyio.run(show)


async def _leave_on_signal(leave: Callable[[], None]) -> None:
    # Ended by the signal itself, the process would leave the terminal in the app's own state.
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGHUP) as signals:
        async for _ in signals:
            leave()


async def _last_line(service: Service) -> str:
    going_on = [run for run in await service.list_runs() if not run.status.is_final]
    if not going_on:
        return ""
    runs = "1 run goes" if len(going_on) == 1 else f"{len(going_on)} runs go"
    end = "RUN to end it" if len(going_on) == 1 else "--all to end them"
    return f"{runs} on: tuiflow to come back, tuiflow cancel {end}"
