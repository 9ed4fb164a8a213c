"""Asks the author's model whether an input fits, in the process that has the author's code."""

from pydantic import ValidationError

from tuiflow.errors import InputError
from tuiflow.model.control import Checked, CheckInput, Misfit
from tuiflow.model.failure import describe_exception
from tuiflow.worker.importing import ImportedFile


def check_input(order: CheckInput, imported: ImportedFile | None) -> Checked:
    """Validate as a run would; what a validator raises by mistake is said as well."""
    workflow = imported.workflows.get(order.workflow_name) if imported else None
    if workflow is None:
        return Checked()
    try:
        workflow.definition.validate_input(order.input)
    except InputError as error:
        return Checked(misfits=_misfits(error))
    except Exception as error:  # noqa: BLE001 - a user's validator may raise anything
        return Checked(misfits=(Misfit(path=(), message=describe_exception(error).summary),))
    return Checked()


def _misfits(error: InputError) -> tuple[Misfit, ...]:
    if not isinstance(error.__cause__, ValidationError):
        return (Misfit(path=(), message=str(error)),)
    each_error = error.__cause__.errors(include_url=False, include_context=False)
    return tuple(
        Misfit(path=tuple(str(part) for part in each["loc"]), message=each["msg"])
        for each in each_error
    )
