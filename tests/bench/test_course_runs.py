"""The bench of the course folder cannot rot: a few lessons are made, loaded, loaded again and written."""

import pytest

from learning import course_folder
from tests.bench import course


@pytest.mark.django_db
def test_the_figures_of_the_course_folder_can_be_measured() -> None:
    course_folder.load(course_folder.STARTER)
    found = course.figures(6)
    assert [figure.holds for figure in found] == [True, True, True, None]
