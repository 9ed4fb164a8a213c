"""What the author's own model says of an input, put under the fields it is about."""

from collections.abc import Sequence

from tuiflow.model.control import Misfit
from tuiflow.service.input_fields import InputForm
from tuiflow.tui.screens.start.form_rows import FormRows


def show_misfits(rows: FormRows, form: InputForm, misfits: Sequence[Misfit]) -> str:
    """Say each where it belongs; gives the last one for which there is no field."""
    above = (form.fields[0].name,) if form.is_whole else ()
    homeless = ""
    for misfit in misfits:
        found = rows.find((*above, *misfit.path))
        place, inside = found or (None, misfit.path)
        message = misfit.message.removeprefix("Value error, ")
        said = f"{'.'.join(inside)}: {message}" if inside else message
        if place is not None:
            place.show_problem(said)
        else:
            homeless = said
    return homeless
