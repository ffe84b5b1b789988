"""Light, dark or as the system: kept in a cookie, rendered by the server."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("theme", ["system", "light", "dark"])
def test_a_choice_is_kept_and_rendered(client: Client, theme: str) -> None:
    response = client.post("/theme/", {"theme": theme, "next": "/risk/?a=1"})
    assert response.headers["Location"] == "/risk/?a=1"
    cookie = client.cookies["theme"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == (theme, True, "Lax")
    assert f'data-theme="{theme}"' in client.get("/risk/").content.decode()


@pytest.mark.parametrize("theme", ["", "neon", 'dark" onload="x', "DARK"])
def test_an_unknown_theme_is_passed_over(client: Client, theme: str) -> None:
    client.post("/theme/", {"theme": theme})
    assert "theme" not in client.cookies
    client.cookies["theme"] = theme
    assert 'data-theme="system"' in client.get("/risk/").content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "",
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "///evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "\x00//evil.example",
        "http://[::1",
    ],
)
def test_it_leads_home_rather_than_to_another_site(client: Client, elsewhere: str) -> None:
    response = client.post("/theme/", {"theme": "dark", "next": elsewhere})
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("odd", ["nonsense", "admin:index", "/a\r\nX-Evil: 1", "/%00", "/😀"])
def test_an_odd_way_back_is_no_error_and_forges_no_header(client: Client, odd: str) -> None:
    response = client.post("/theme/", {"theme": "dark", "next": odd})
    assert response.status_code == 302
    assert "X-Evil" not in response.headers
    assert "\n" not in response.headers["Location"]


def test_the_cookie_is_for_https_only_where_the_page_is(client: Client) -> None:
    client.post("/theme/", {"theme": "dark"}, secure=True)
    assert client.cookies["theme"]["secure"]
