"""Fixtures of the kit's tests: one warm sandbox for each test process."""

import pytest

from grader import catalog as catalogs
from grader.checking.session import Engine


@pytest.fixture(autouse=True, scope="session")
def no_history():
    """Gradings of the kit's own exercises by its tests are nobody's progress."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_HISTORY", "0")
        yield


@pytest.fixture(autouse=True, scope="session")
def one_user():
    """Reports that tests make in this process read the same whoever runs them, root or not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.report.layers.is_root", lambda: False)
        yield


@pytest.fixture(scope="session")
def engine():
    """An engine whose template stays warm for the whole test process."""
    with Engine() as warm:
        yield warm


@pytest.fixture(scope="session")
def catalog():
    """The kit's own syllabus."""
    return catalogs.load()
