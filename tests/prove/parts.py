"""What there is to prove, in parts of some minutes each: a part is the unit that is done or to be done."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the proof. `tests` are the arguments for pytest; a part that is `alone` has both cores.

    One that is `measured` also tells which lines of the product were run.
    """

    name: str
    title: str
    claim: str
    tests: tuple[str, ...]
    alone: bool = True
    amounts: str = "full"
    measured: bool = False


PARTS = (
    Part(
        "authorisation",
        "Who may do what",
        "Every route, role and method answers as the policy says. A denied call changes no row. "
        "A view whose check is taken away is caught.",
        ("tests/authorisation",),
    ),
    Part(
        "secrecy",
        "What is not told",
        "No answer, explanation or future bar leaves the server before grading. What belongs to one person "
        "is shown to and changed by nobody else.",
        ("tests/secrecy",),
    ),
    Part(
        "races",
        "Exactly once",
        "Many at one door at once are served exactly once; without its guard, each case fails.",
        ("tests/races",),
    ),
    Part(
        "operations",
        "Random operations",
        "Learners do at random what learners do, in several processes that are killed in between. "
        "The nightly audit then finds no difference.",
        ("tests/operations",),
    ),
    Part(
        "faults",
        "Servers that fail",
        "With Valkey, the queue, PostgreSQL, mail, a worker or the disk gone, people are told plainly, "
        "nothing is lost and nothing is done twice.",
        ("tests/faults",),
    ),
    Part(
        "bad-input",
        "Bad input",
        "Whatever is sent to a form, an address, a header or a lesson, the answer is a clear refusal.",
        ("tests/bad_input", "tests/admin/test_hostile_json.py", "tests/site/test_bad_requests.py"),
        alone=False,
    ),
    Part(
        "hostile-texts",
        "Hostile texts in a browser",
        "Nothing that a person writes is executed in the browser of another.",
        ("tests/browser/test_hostile_texts.py",),
    ),
    Part(
        "headers",
        "Headers and cookies",
        "Every answer of every route has the strict headers; cookies are kept from scripts and plain http.",
        ("tests/site",),
    ),
    Part(
        "pages",
        "Pages",
        "Every type of page in both themes at three widths: accessible, inside its width, silent, light.",
        ("tests/browser", "--ignore=tests/browser/test_hostile_texts.py"),
    ),
    Part(
        "everything",
        "The whole suite",
        "All tests of `make test`, as a newcomer runs them.",
        ("tests",),
        alone=False,
        amounts="sample",
        measured=True,
    ),
    Part(
        "planted",
        "Faults planted by hand",
        "A fault put into a copy of the code is caught by the tests that are there for it.",
        ("tests/prove/planted.py",),
    ),
)
