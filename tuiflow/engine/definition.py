"""A workflow as the engine knows it: a tree and its policies, without a database."""

from dataclasses import dataclass
from typing import Any, Literal, cast

from pydantic import BaseModel, ValidationError

from tuiflow.engine.node import Node
from tuiflow.errors import InputError
from tuiflow.model.ids import encode_name
from tuiflow.model.outline import CANCEL_GRACE, NodeKind, Outline, WorkflowOutline


@dataclass(frozen=True, slots=True)
class WorkflowDefinition:
    """What runs when a workflow runs; `root` stands for the workflow's own children."""

    name: str
    root: Node
    description: str = ""
    input_schema: type[BaseModel] | None = None
    durability: Literal["step", "batch"] = "step"
    cancel_grace: float = CANCEL_GRACE
    """Seconds a cancelled step may take to clean up."""
    file: str = ""
    line: int = 0
    confirm: bool = False

    def tree(self) -> Outline:
        """Draw the tree with the paths its events will have."""
        return Outline(
            kind=NodeKind.WORKFLOW,
            name=self.name,
            segment=encode_name(self.name),
            description=self.description,
            children=self.root.outline_children(),
            cancel_grace=self.cancel_grace,
        )

    def outline(self) -> WorkflowOutline:
        """Describe the workflow without its code."""
        schema = self.input_schema.model_json_schema() if self.input_schema else None
        return WorkflowOutline(
            name=self.name,
            description=self.description,
            root=self.tree(),
            input_schema=schema,
            line=self.line,
            confirm=self.confirm,
        )

    def validate_input(self, value: object) -> object:
        """Make the input what the schema says: from an instance, a dict or JSON text."""
        if self.input_schema is None or isinstance(value, self.input_schema):
            return value
        try:
            if isinstance(value, str | bytes):
                return self.input_schema.model_validate_json(value)
            given = {} if value is None else cast("Any", value)
            return self.input_schema.model_validate(given)
        except ValidationError as error:
            raise InputError(_sentence(self.name, error)) from error


def _sentence(name: str, error: ValidationError) -> str:
    lines = [
        f"{'.'.join(str(part) for part in each['loc']) or 'input'}: {each['msg']}"
        for each in error.errors()
    ]
    return f"the input does not fit workflow {name!r}: {'; '.join(lines)}"
