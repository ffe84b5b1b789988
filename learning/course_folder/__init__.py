"""The course as a folder of YAML, Markdown and CSV: read, compared, loaded, written.

`export` after `load` gives the same bytes, once a folder is in the form that `export` writes.
"""

from pathlib import Path

from learning.course_folder.comparing import report
from learning.course_folder.loading import Loaded, load, rehearse
from learning.course_folder.problems import CourseError
from learning.course_folder.writing import Exported, export

STARTER = Path(__file__).parents[1] / "course"

__all__ = ["STARTER", "CourseError", "Exported", "Loaded", "export", "load", "rehearse", "report"]
