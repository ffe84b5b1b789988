"""The settings as production has them; and a process that runs with them."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest

from tests.site.production import OURS, PRODUCTION, ROOT, settings_with


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a production process answers, on the real database; Django's checks for deployment passed."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    done = subprocess.run(
        [sys.executable, "-m", "tests.site.production", str(tmp_path_factory.mktemp("static"))],
        env={**kept, "DATABASE_URL": os.environ["DATABASE_URL"], **PRODUCTION},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_the_settings_import_without_any_address() -> None:
    found = settings_with()
    assert (found["DEBUG"], found["ZERO_SETUP"], found["HTTPS"]) == (False, False, True)


def test_the_session_cookie_is_bound_to_this_host_and_to_https() -> None:
    found = settings_with(**PRODUCTION)
    assert found["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert found["SESSION_COOKIE_SECURE"] is True
    # Django's own defaults, which such a cookie needs: HttpOnly, path / and no domain.
    assert not {"SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_PATH", "SESSION_COOKIE_DOMAIN"} & found.keys()


def test_no_cookie_escapes_to_another_host_or_to_plain_http() -> None:
    found = settings_with(**PRODUCTION)
    names = {value for name, value in found.items() if name.endswith("_COOKIE_NAME")}
    assert names == {f"__Host-{name}" for name in ("sessionid", "csrftoken", "language", "messages", "theme")}
    assert all(value for name, value in found.items() if name.endswith("_COOKIE_SECURE"))


def test_the_zero_setup_run_is_plain_http() -> None:
    found = settings_with(DRACARYS_ZERO_SETUP="1", SECRET_KEY="x")
    assert (found["HTTPS"], found["SECURE_SSL_REDIRECT"], found["DEBUG"]) == (False, False, False)
    assert (found["SESSION_COOKIE_NAME"], found["SESSION_COOKIE_SECURE"]) == ("sessionid", False)


def test_a_web_process_does_not_start_without_a_key_of_its_own() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    started = subprocess.run(
        [sys.executable, "-c", "import dracarys.wsgi"],
        env={**environment, "DJANGO_SETTINGS_MODULE": "dracarys.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "Set SECRET_KEY" in started.stderr


def test_a_forwarded_protocol_is_believed_behind_a_proxy_only() -> None:
    assert settings_with()["SECURE_PROXY_SSL_HEADER"] is None
    found = settings_with(TRUSTED_PROXIES="2")
    assert found["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 2


def test_plain_http_is_led_to_https_save_for_the_balancer(site: dict[str, Any]) -> None:
    assert site["plain"] == [301, "https://example.org/terms/"]
    assert site["alive"] == 200
    assert site["secure"] == 200
    assert site["headers"]["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"


def test_the_cookie_of_the_forms_is_bound_too(site: dict[str, Any]) -> None:
    cookie = site["cookies"]["__Host-csrftoken"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")


def test_static_files_carry_their_digest(site: dict[str, Any]) -> None:
    assert re.search(r'href="/static/css/app\.[0-9a-f]{12}\.css"', site["page"])


def test_nobodys_mail_can_be_read_in_the_browser(site: dict[str, Any]) -> None:
    assert site["mailbox"] == ""
    assert "Mailbox" not in site["page"]
