import anyio
import pytest

from tests.waiting import PATIENCE
from tuiflow.errors import StoreError
from tuiflow.service.background import Troubles, keep_up, open_group


async def test_what_breaks_in_the_background_is_noted_and_begun_again():
    troubles = Troubles(lambda: 7)
    begun = 0
    again = anyio.Event()

    async def work() -> None:
        nonlocal begun
        begun += 1
        if begun == 2:
            again.set()
            await anyio.sleep_forever()
        raise StoreError("the disk is full")

    with anyio.fail_after(PATIENCE):
        async with open_group() as group:
            group.start_soon(keep_up, work, troubles)
            await again.wait()

    assert troubles.last is not None
    assert (troubles.last.at, troubles.last.text) == (7, "the disk is full")
    assert troubles.last.is_error


async def test_a_group_ends_with_its_block():
    with anyio.fail_after(PATIENCE):
        async with open_group() as group:
            group.start_soon(anyio.sleep_forever)


async def test_one_error_leaves_a_group_as_itself():
    async def fail_inside() -> None:
        async with open_group() as group:
            group.start_soon(anyio.sleep_forever)
            raise StoreError("mine")

    with pytest.raises(StoreError):
        await fail_inside()
