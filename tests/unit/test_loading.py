"""The collector rests while modules are loaded, and only then."""

import gc

import pytest

from overt.loading import loading


def test_the_collector_rests_while_modules_are_loaded_and_works_again_after() -> None:
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count()
    gc.unfreeze()


def test_it_works_again_where_a_module_cannot_be_loaded() -> None:
    with pytest.raises(ModuleNotFoundError), loading():
        raise ModuleNotFoundError
    assert gc.isenabled()
    gc.unfreeze()
