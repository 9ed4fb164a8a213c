"""Turns what an author writes under `steps=` into nodes at their places."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from tuiflow.engine.agents import is_agent
from tuiflow.engine.definition import WorkflowDefinition
from tuiflow.engine.node import Node, Place, place_siblings
from tuiflow.engine.nodes.nested_workflow import NestedWorkflow
from tuiflow.engine.nodes.step import Step
from tuiflow.errors import DefinitionError


def coerce_steps(
    owner: str, items: object, *, role: str = "steps", taken: Sequence[str] = ()
) -> tuple[Place, ...]:
    """Place the nodes of a list: Workflows become nested ones, functions and agents Steps."""
    return place_siblings(coerce_nodes(owner, items, role=role), taken=taken)


def coerce_nodes(owner: str, items: object, *, role: str = "steps") -> list[Node]:
    """Make nodes of a list; raises DefinitionError for an empty one and for other things."""
    if isinstance(items, str | bytes) or not isinstance(items, Iterable):
        raise DefinitionError(
            owner, f"{role}= takes a list of steps, not {_called(items)}: write {role}=[…]"
        )
    listed = list(cast("Iterable[object]", items))
    if not listed:
        raise DefinitionError(owner, f"{role}= is empty: give it at least one step")
    return [coerce_node(owner, item) for item in listed]


def coerce_node(owner: str, item: object) -> Node:
    """Make a node of one item."""
    definition = getattr(item, "definition", None)
    match item:
        case Step(workflow=inner) if inner is not None:
            return NestedWorkflow(
                inner,
                name=item.name,
                description=item.description,
                on_error=item.on_error,
                policy=item.policy,
                output_schema=item.output_schema,
            )
        case Node():
            return item
        case type():
            raise DefinitionError(owner, f"{_called(item)} is a class: give it an instance")
        case list() | tuple():
            problem = "a list is no step: give its steps one by one, or Steps(steps=[…]) of them"
            raise DefinitionError(owner, problem)
        case _ if isinstance(definition, WorkflowDefinition):
            return NestedWorkflow(definition)
        case _ if callable(item):
            return Step(executor=cast("Any", item))
        case _ if is_agent(item):
            return Step(agent=item)
        case _:
            raise DefinitionError(
                owner, f"{_called(item)} is not a step: give it a function, a Step or a composite"
            )


def _called(item: object) -> str:
    return item.__name__ if isinstance(item, type) else f"{type(item).__name__} {item!r:.40}"
