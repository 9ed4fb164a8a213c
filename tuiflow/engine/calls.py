"""Steps that a function workflow runs itself: each call becomes a node, in the order of calls."""

import threading
from collections import Counter
from collections.abc import Callable

from anyio import Event, from_thread, get_cancelled_exc_class
from anyio.abc import TaskGroup
from anyio.lowlevel import EventLoopToken, current_token

from tuiflow.engine.context import RunContext
from tuiflow.engine.node import Node, Place
from tuiflow.engine.run_node import run_node
from tuiflow.engine.step_io import StepInput, StepOutput
from tuiflow.errors import StepCancelledError
from tuiflow.model.ids import nth_segment

HEARING_SECONDS = 0.05  # a thread that waits hears of its cancel only between two waits


class Calls:
    """The calls of one execution of a function; they end with it, and are cancelled with it."""

    def __init__(
        self,
        ctx: RunContext,
        group: TaskGroup,
        step_input: StepInput,
        coerce: Callable[[Node], Node],
    ) -> None:
        self._ctx = ctx
        self._group = group
        self._input = step_input
        self._coerce = coerce
        self._token: EventLoopToken = current_token()
        self._names = Counter[str]()
        self._calls: list[_Call] = []

    async def run(self, node: Node, given: object) -> StepOutput:
        """Run a node from the function's own task."""
        call = self._begin(node, given)
        await call.ended.wait()
        return call.result()

    def run_from_thread(self, node: Node, given: object) -> StepOutput:
        """Run a node from the function's own thread."""
        call = from_thread.run_sync(self._begin, node, given, token=self._token)
        while not call.done.wait(HEARING_SECONDS):
            pass
        return call.result()

    def _begin(self, node: Node, given: object) -> "_Call":
        self._ctx.flush_content()
        call = _Call(self._place(self._coerce(node)), self._take_input(given))
        self._calls.append(call)
        self._group.start_soon(self._live, call)
        return call

    def _place(self, node: Node) -> Place:
        if not (name := node.name):
            self._names[node.kind] += 1
            name = f"{node.kind}_{self._names[node.kind]}"
        self._names[f"name {name}"] += 1
        segment = nth_segment(name, self._names[f"name {name}"])
        return Place(node, name, segment, len(self._calls))

    def _take_input(self, given: object) -> StepInput:
        match given:
            case StepInput():
                return given
            case None:
                return self._input
            case _:
                return self._input.with_input(given)

    async def _live(self, call: "_Call") -> None:
        try:
            output = await run_node(call.place, call.step_input, self._ctx)
            call.output = output
            self._input = self._input.after(call.place.name, output)
        except get_cancelled_exc_class():
            call.error = StepCancelledError("the run is being cancelled")
            raise
        except Exception as error:  # noqa: BLE001 - it is raised again where the author has called
            call.error = error
        finally:
            call.done.set()
            call.ended.set()


class _Call:
    """One call of a node, for whoever waits for it: a task or a thread."""

    def __init__(self, place: Place, step_input: StepInput) -> None:
        self.place = place
        self.step_input = step_input
        self.output: StepOutput | None = None
        self.error: BaseException | None = None
        self.ended = Event()
        self.done = threading.Event()

    def result(self) -> StepOutput:
        if self.error is not None:
            raise self.error
        assert self.output is not None
        return self.output
