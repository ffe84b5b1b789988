"""The bench cannot rot: what it measures of the database runs here on a few learners, and ranks are right."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accounts.models import UserProfile
from dracarys.servers.binaries import postgres_installation
from dracarys.servers.family import Family
from dracarys.servers.home import Home, server_account
from dracarys.servers.pair import DEFAULT_MAJOR
from gamification import catalogue, leaderboards
from gamification.models import LeaderboardEntry, XpEvent
from tests.bench import acts, boards, figures, ledger, load, population
from tests.bench.figures import Section, at_least, at_most, ratio, told
from tests.bench.house import House, drop, using
from tests.bench.machine import Watch, cpu_seconds, memory_mb
from tests.factories.gamification import PRODUCT
from tests.factories.learning import make_gate
from tests.servers.runs import eventually

LEARNERS, GATES = 300, 3
SUPERUSER_URL = os.environ.get("DRACARYS_TEST_SUPERUSER_URL", "")
needs_superuser = pytest.mark.skipif(not SUPERUSER_URL, reason="the server is not ours: no superuser's URL")


@pytest.fixture(scope="module")
def house(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A copy of the suite's database with three gates and a few hundred learners; Django looks at it."""
    home = Home(tmp_path_factory.mktemp("home"), server_account(Path("/")))
    with Family() as family, django_db_blocker.unblock():
        house = House(
            family=family,
            superuser_url=SUPERUSER_URL,
            login_url=os.environ["DATABASE_URL"],
            redis_url="",
            programs=postgres_installation(home, DEFAULT_MAJOR) / "bin",
            postgres_pid=os.getpid(),
            learners=LEARNERS,
        )
        suite = connection.settings_dict["NAME"]
        copy = f"{suite}_bench"
        connection.close()
        with house.superuser() as server:
            drop(server, copy)
            # It is copied only while nobody looks at it; a thread of another test may just be leaving.
            others = "SELECT FROM pg_stat_activity WHERE datname = %s"
            assert eventually(lambda: not server.execute(others, [suite]).rowcount, seconds=10)
            server.execute(f'CREATE DATABASE "{copy}" OWNER dracarys TEMPLATE "{suite}"')
            with using(copy):
                fill(house, copy)
                yield house
            drop(server, copy)


def fill(house: House, database: str) -> None:
    for number in range(1, GATES + 1):
        make_gate(1, number)
    catalogue.load(PRODUCT)
    with house.superuser(database) as superuser:
        population.load(superuser, LEARNERS)
        population.move_to_today(superuser)
    leaderboards.refresh_steps(at=timezone.now())


@needs_superuser
@pytest.mark.django_db
def test_the_population_s_boards_and_totals_are_sums_of_its_ledger(house: House) -> None:
    ledger_total = sum(XpEvent.objects.values_list("amount", flat=True))
    everybody = LeaderboardEntry.objects.filter(period="all_time")
    assert everybody.count() == LEARNERS
    assert sum(everybody.values_list("xp_points", flat=True)) == ledger_total
    assert sum(UserProfile.objects.values_list("total_xp", flat=True)) == ledger_total


@needs_superuser
@pytest.mark.django_db
def test_boards_that_were_loaded_on_another_day_become_today_s(house: House) -> None:
    with house.superuser(str(connection.settings_dict["NAME"])) as superuser:
        moved = superuser.execute(
            "UPDATE leaderboard SET period_start_date = period_start_date - 70, "
            "period_end_date = period_end_date - 70 WHERE period <> 'all_time'"
        ).rowcount
        assert moved > LEARNERS
        assert superuser.execute(population.STALE).rowcount == moved
        assert superuser.execute(population.STALE).rowcount == 0


@needs_superuser
@pytest.mark.django_db
def test_ranks_by_steps_are_those_of_the_database_and_a_stale_step_is_found_out(house: House) -> None:
    at = timezone.now()
    leaderboards.refresh_steps(at=at)
    assert boards.differences(at) == 0
    best = LeaderboardEntry.objects.filter(period="all_time").latest("xp_points")
    LeaderboardEntry.objects.filter(pk=best.pk).update(xp_points=1)
    # Everybody who stood below the best has moved up, and nobody has the score of one yet.
    assert boards.differences(at) > 1
    leaderboards.refresh_steps(at=at)
    assert boards.differences(at) == 0


@needs_superuser
@pytest.mark.django_db
def test_the_figures_of_the_boards_can_be_measured(house: House) -> None:
    here = str(connection.settings_dict["NAME"])
    assert len(boards.somebody(5)) == 5
    found = [*boards.refreshing(1), boards.right(), *boards.reading(here, here, 1, 3)]
    assert all(figure.value > 0 for figure in found if figure.name != boards.right().name)


@needs_superuser
@pytest.mark.django_db
def test_the_figures_of_the_ledger_can_be_measured_and_leave_the_trigger_on(house: House) -> None:
    here = str(connection.settings_dict["NAME"])
    before = XpEvent.objects.count()
    found = ledger.paying(house, here, LEARNERS, rounds=1, seconds=0)
    assert all(figure.value > 0 for figure in found)
    # Three scripts, 20 times by one client and by each of eight.
    assert XpEvent.objects.count() == before + 3 * 20 * (1 + ledger.CLIENTS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname = 'trigger_update_leaderboard'")
        assert cursor.fetchone() == ("O",)


@needs_superuser
@pytest.mark.django_db
def test_the_queries_of_a_submit_are_itemised(house: House) -> None:
    found = acts.queries()
    assert len(found) == 5
    assert all("xp_events" in figure.name for figure in found if "pass" in figure.name)
    kinds, graded = acts.grading()
    assert (kinds.value, graded.name) == (1, "grading 15 answers")


# --- What needs no database ----------------------------------------------------------------------------


class Shop(BaseHTTPRequestHandler):
    """Answers everything but /closed/."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/closed/" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:
        """Quietly."""


@pytest.fixture
def shop(socket_enabled: None) -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Shop) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_load_generator_asks_so_many_times_and_notes_what_was_wrong(shop: str) -> None:
    requests = [{"path": "/"}, {"path": "/closed/"}]
    seen = load.generate({"url": shop, "requests": requests, "times": 10, "connections": 1})
    assert (len(seen.answers), seen.bytes) == (10, 20)
    assert seen.wrong == ["404 for /closed/"] * 5
    assert seen.per_second > 0
    assert 0 < seen.percentile(50) <= seen.percentile(95)


def test_the_kernel_tells_processor_time_and_memory() -> None:
    with Watch() as watch:
        sum(range(1_000_000))
    assert watch.seconds > 0
    assert cpu_seconds(os.getpid()) > 0
    assert memory_mb(os.getpid()) > 10


def test_a_quotient_is_of_each_round_so_that_drift_does_not_matter() -> None:
    assert ratio([2, 4, 40], [1, 2, 20]) == 2


def test_results_are_kept_by_section_and_the_words_of_the_page_stay(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"Before.\n\n{figures.BEGIN}\nthe last run\n{figures.END}\n\nAfter.\n")
    found = (at_most("slow", 3, 2, "×"), at_least("fast", 0.5, 0.45), told("plain", 1234, "ms"))
    section = Section("pages", "Pages", figures.now(), 10, 0.1, 0.0, 0.0, True, found)
    figures.keep(section, tmp_path)
    assert figures.kept(["boards", "pages"], tmp_path) == [section]
    assert section.missed == 1
    figures.write_page([section], page)
    figures.write_page([section], page)
    text = page.read_text()
    assert text.startswith("Before.\n\n")
    assert text.endswith(f"{figures.END}\n\nAfter.\n")
    assert "| slow | 3 × | ≤ 2 × | MISSED |" in text
    assert "| fast | 0.5 | ≥ 0.45 | holds |" in text
    assert "| plain | 1,234 ms |  |  |" in text
    assert "the last run" not in text


def test_a_page_without_its_markers_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("Only words.")
    with pytest.raises(ValueError, match="markers"):
        figures.write_page([], page)
    assert page.read_text() == "Only words."


def test_a_run_on_a_busy_machine_says_that_it_is_not_to_be_trusted() -> None:
    busy = Section("pages", "Pages", figures.now(), 10, 0.1, 3.0, 1.5, False, ())
    assert "not to be trusted: others kept 1.50 processors busy" in figures.as_markdown([busy])
