import gc

import pytest

from tuiflow.model.bulk import uncollected


def test_nothing_is_collected_while_many_values_are_made_and_afterwards_it_is_again():
    with uncollected():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_a_failure_in_between_leaves_the_collector_as_it_was():
    with pytest.raises(ValueError, match="odd"), uncollected():
        raise ValueError("odd")

    assert gc.isenabled()


def test_a_program_that_has_switched_it_off_finds_it_off():
    gc.disable()
    try:
        with uncollected():
            pass

        assert not gc.isenabled()
    finally:
        gc.enable()
