"""Which workflows an imported file offers: those bound at its top level, not those it imports."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from tuiflow.errors import DefinitionError
from tuiflow.model.outline import WorkflowOutline
from tuiflow.workflow import Workflow


@dataclass(frozen=True)
class Offer:
    """A workflow of the file with its outline."""

    workflow: Workflow
    outline: WorkflowOutline


def find_offers(module: ModuleType, source: bytes) -> list[Offer]:
    """List the module's workflows in the order of their lines.

    Raises DefinitionError when two of them have one name.
    """
    offers: dict[str, Offer] = {}
    seen: set[int] = set()
    for name, line in _bound_names(ast.parse(source)):
        workflow = getattr(module, name, None)
        if not isinstance(workflow, Workflow) or id(workflow) in seen:
            continue
        seen.add(id(workflow))
        if workflow.name in offers:
            first = offers[workflow.name].outline.line
            raise DefinitionError(
                f"line {line}", f"the workflow on line {first} is named {workflow.name!r} too"
            )
        outline = workflow.outline().model_copy(update={"line": line})
        offers[workflow.name] = Offer(workflow, outline)
    return list(offers.values())


def _bound_names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        yield from _bound_names(node)
