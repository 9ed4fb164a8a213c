"""One or several of many, chosen while it runs."""

from collections.abc import Sequence
from typing import ClassVar, cast

from tuiflow.engine.coerce import coerce_nodes
from tuiflow.engine.context import RunContext
from tuiflow.engine.executor import Executor, Function
from tuiflow.engine.node import Node, OnError, Place, draw, place_siblings, refuse
from tuiflow.engine.nodes.step import Step
from tuiflow.engine.nodes.steps import Steps
from tuiflow.engine.run_node import run_in_order, skip_nodes
from tuiflow.engine.step_io import StepInput, StepOutput, gather_outputs
from tuiflow.errors import DefinitionError
from tuiflow.model.events import RouterExecutionStartedEvent
from tuiflow.model.node_state import NOT_CHOSEN
from tuiflow.model.outline import NodeKind, Outline
from tuiflow.model.text import whole_text


class Router(Node):
    """Runs what its selector chooses: a name, a Step, a list of them in order, or None.

    A list among the choices is one choice of several steps. The selector can have the choices
    as `step_choices`.
    """

    kind: ClassVar[NodeKind] = NodeKind.ROUTER

    def __init__(
        self,
        *,
        choices: Sequence[object],
        selector: Function,
        name: str | None = None,
        description: str = "",
        on_error: OnError | str = OnError.fail,
        human_review: object = None,
    ) -> None:
        super().__init__(name, description, on_error)
        refuse(self.title, human_review=human_review)
        nodes = coerce_nodes(self.title, _grouped(choices), role="choices")
        self.children = place_siblings(nodes)
        self._names = [place.name for place in self.children]
        self._by_item = list(zip([*choices, *nodes], [*self.children] * 2, strict=True))
        twice = next((name for name in self._names if self._names.count(name) > 1), None)
        if twice is not None:
            raise DefinitionError(self.title, f"two choices are named {twice!r}: rename one")
        if not callable(selector):
            problem = f"selector= takes a function, not {type(selector).__name__}"
            raise DefinitionError(self.title, problem)
        self._selector = Executor(self.title, "selector", selector)

    @property
    def label(self) -> str:
        return self._selector.name

    @property
    def code(self) -> str:
        return self._selector.code

    async def decide(self, step_input: StepInput, ctx: RunContext) -> None:
        journal = ctx.scope.journal
        known = journal and journal.recall(ctx.node_path, RouterExecutionStartedEvent)
        if known and (again := self._choose_again(known, ctx)) is not None:
            ctx.facts.selected = again
            return
        answer = await self._selector.call(
            step_input, ctx, choices=[place.node for place in self.children]
        )
        is_several = isinstance(answer, list | tuple)
        items = list(cast("Sequence[object]", answer)) if is_several else [answer]
        chosen = [self._find(item) for item in items if item is not None]
        for place in chosen:
            if chosen.count(place) > 1:
                raise ValueError(f"the selector chose {place.name!r} twice")
        ctx.facts.selected = tuple(chosen)

    async def run(self, step_input: StepInput, ctx: RunContext) -> StepOutput:
        chosen = ctx.facts.selected
        skip_nodes((each for each in self.children if each not in chosen), NOT_CHOSEN, ctx)
        return gather_outputs(await run_in_order(chosen, step_input, ctx))

    def outline_children(self) -> tuple[Outline, ...]:
        return draw(self.children)

    def _choose_again(
        self, known: RouterExecutionStartedEvent, ctx: RunContext
    ) -> tuple[Place, ...] | None:
        by_path = {place.path_under(ctx.node_path): place for place in self.children}
        # A choice that the code no longer has cannot be taken again.
        is_there = all(path in by_path for path in known.selected)
        return tuple(by_path[path] for path in known.selected) if is_there else None

    def _find(self, item: object) -> Place:
        for choice, place in self._by_item:
            if choice is item:
                return place
        name = item.name if isinstance(item, Node) else item
        named = self._find_by_name(name) if isinstance(name, str) else None
        if named is not None and (item is name or _calls_same(item, named.node)):
            return named
        if named is not None:
            raise ValueError(
                f"the selector made a new {_said(item)}, which is not the choice of that name: "
                f"let it return the name {name!r}"
            )
        raise ValueError(
            f"the selector chose {_said(item)}; the choices are {', '.join(self._names)}"
        )

    def _find_by_name(self, name: str) -> Place | None:
        known = whole_text(name)
        return self.children[self._names.index(known)] if known in self._names else None


def _grouped(choices: Sequence[object]) -> Sequence[object]:
    if not isinstance(choices, list | tuple):
        return choices
    return [
        Steps(steps=cast("Sequence[object]", each)) if isinstance(each, list | tuple) else each
        for each in choices
    ]


def _said(item: object) -> str:
    if isinstance(item, Node):
        return item.title
    return repr(item) if isinstance(item, str) else getattr(item, "name", None) or repr(item)


def _calls_same(item: object, choice: Node) -> bool:
    # A Step that is built at each call of the selector is what its author takes for the choice.
    return isinstance(item, Step) and isinstance(choice, Step) and item.function == choice.function
