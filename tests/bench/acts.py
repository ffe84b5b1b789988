"""What people do: hand in an assessment, counted and over HTTP; and sign in, with the hash told apart."""

import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import zip_longest
from statistics import median
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning import quiz_taking
from learning.models import Lesson
from learning.questions import KINDS
from tests.bench import web
from tests.bench.cast import TOKEN, Member, lessons, member, members
from tests.bench.figures import Figure, at_most, told
from tests.bench.house import House, using
from tests.bench.load import Request
from tests.factories.accounts import PASSWORD
from tests.factories.learning import answers_to

Json = dict[str, Any]
TITLE = "Handing in an assessment, and signing in"
PEOPLE, TIMES = 40, 20
ANSWERS = 30
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "ROLLBACK TO")
TABLE = re.compile(r'(?:FROM|INTO|UPDATE) "?(\w+)')


def measure(house: House) -> list[Figure]:
    with using(house.large):
        counted = queries()
        people, again = members(PEOPLE, passed=1), member("signing-in", passed=1)
        with web.serving(house, house.large) as site:
            return [*counted, *grading(), *handing_in(site, people), *signing_in(site, again)]


# --- Counted -------------------------------------------------------------------------------------------


def queries() -> list[Figure]:
    """The queries of a whole request that hands in, session and person included, transactions apart."""
    once = member("once", passed=1)
    kinds = {
        "a first pass": queries_of(once, mistakes=1),
        "passing again": queries_of(retaking(once), mistakes=1),
        "failing": queries_of(member("failing", passed=1), mistakes=9),
        "a first pass that unlocks an achievement": queries_of(member("unlocking", passed=0), mistakes=1),
        "the pass that ends a level": queries_of(member("finishing", passed=len(lessons()) - 1), mistakes=0),
    }
    return [at_most(f"queries of {kind} ({itemised(q)})", len(q), 15) for kind, q in kinds.items()]


def retaking(person: Member) -> Member:
    """The same person in a new attempt at the gate they have just passed."""
    paper = quiz_taking.begin(user_id=person.user.pk, lesson_id=person.paper.lesson_id, at=timezone.now())
    return Member(person.user, person.cookie, paper, person.paper)


def queries_of(person: Member, *, mistakes: int) -> list[str]:
    """The tables of the queries of one submit, in order."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(person.user)
    answers = answers_to(person.paper, mistakes=mistakes)
    with CaptureQueriesContext(connection) as captured:
        response = client.post(f"{person.paper.get_absolute_url()}submit/", answers, secure=True)
    if response.status_code != 302:
        raise RuntimeError(f"The submit answered {response.status_code}.")
    statements = [query["sql"] for query in captured.captured_queries]
    return [table_of(sql) for sql in statements if not sql.startswith(TRANSACTION)]


def table_of(statement: str) -> str:
    found = TABLE.search(statement)
    return found[1] if found else statement[:30]


def itemised(tables: Sequence[str]) -> str:
    return ", ".join(f"{table} {n}" for table, n in Counter(tables).items())


# --- Grading by itself -----------------------------------------------------------------------------------


def grading() -> list[Figure]:
    """Thirty answers to questions of the course, all kinds in turn, some right and some wrong."""
    kinds: dict[str, list[Json]] = defaultdict(list)
    for lesson in Lesson.objects.in_path_order():
        for stored in lesson.versions.latest("number").rendered["questions"]:
            kinds[stored["type"]].append(stored)
    in_turn = [one for some in zip_longest(*kinds.values()) for one in some if one]
    chance = random.Random(1)
    asked = [
        (one, KINDS[one["type"]].paper(one, lambda: f"{chance.random()}", chance.shuffle)) for one in in_turn
    ]
    given = [
        (KINDS[stored["type"]].mistake if n % 3 == 0 else KINDS[stored["type"]].solution)(stored, paper)
        for n, (stored, paper) in enumerate(asked[:ANSWERS])
    ]

    def once() -> float:
        start = time.process_time()
        for (stored, paper), answer in zip(asked, given, strict=False):
            KINDS[stored["type"]].grade(stored, paper, answer)
        return (time.process_time() - start) * 1000

    return [
        told("kinds of question in the course", len(kinds)),
        at_most(f"grading {len(given)} answers", median(once() for _ in range(TIMES)), 50, "ms"),
    ]


# --- Over HTTP -----------------------------------------------------------------------------------------


def handing_in(site: web.Web, people: Sequence[Member]) -> list[Figure]:
    """Everybody hands in once; two at a time."""
    site.cost([person.get("/dashboard/") for person in people], times=len(people))  # warms up
    cost = site.cost([person.hand_in(mistakes=1) for person in people], times=len(people), connections=2)
    return [
        told("a whole submit: processor time, web", cost.web, "ms"),
        told("a whole submit: processor time, database", cost.database, "ms"),
        told("a whole submit: half answered within", cost.seen.percentile(50), "ms"),
        told("a whole submit: 95 of 100 answered within", cost.seen.percentile(95), "ms"),
    ]


def signing_in(site: web.Web, person: Member) -> list[Figure]:
    """The form is posted again and again; most of it is the password's hash, which is slow by design."""
    form = {"login": person.user.email, "password": PASSWORD, "csrfmiddlewaretoken": TOKEN}
    cookie = f"{settings.CSRF_COOKIE_NAME}={TOKEN}"
    request = Request("/accounts/login/", cookie, form, expected=302)
    cost = site.cost([request], times=TIMES, connections=2)
    hash_ms = median(hashing(person.user.password) for _ in range(9)) * 1000
    return [
        told("signing in: processor time, web and database", cost.total, "ms"),
        told("signing in: of it the password's hash (argon2)", hash_ms, "ms"),
        told("signing in: half answered within", cost.seen.percentile(50), "ms"),
    ]


def hashing(encoded: str) -> float:
    """Processor seconds of checking a password."""
    start = time.process_time()
    check_password(PASSWORD, encoded)
    return time.process_time() - start
