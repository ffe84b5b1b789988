"""What no page may hold: the strict policy for scripts and styles would refuse it silently."""

import re

# A tag may hold quoted `>`.
TAG = re.compile(r"""<(?P<name>[a-z][\w-]*)(?P<attributes>(?:"[^"]*"|'[^']*'|[^'">])*)>""", re.IGNORECASE)
ELSEWHERE = r"""\s*=\s*["']?\s*(?:https?:)?//"""
FORBIDDEN_ATTRIBUTES = {
    "a style": re.compile(r"""(?:^|[\s/"'])style\s*=""", re.IGNORECASE),
    "a handler": re.compile(r"""(?:^|[\s/"'])on[a-z]+\s*=""", re.IGNORECASE),
    "htmx code": re.compile(r"""\shx-on\b""", re.IGNORECASE),
    "a script's address": re.compile(r"""["'\s=]javascript:""", re.IGNORECASE),
    "htmx's js: values": re.compile(r"""["']\s*js:""", re.IGNORECASE),
    "a trigger filter": re.compile(r"""\shx-trigger\s*=\s*["'][^"']*\[""", re.IGNORECASE),
    "something of another site": re.compile(
        rf"\b(?:src|srcset|poster|data|action|formaction|ping|hx-[a-z]+){ELSEWHERE}", re.IGNORECASE
    ),
}
FORBIDDEN_TEXT = {
    "a style sheet in the page": re.compile(r"<style\b", re.IGNORECASE),
    "a script in the page": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "a frame or a plug-in": re.compile(
        # but for the workshop's frames: around pages of our own, and around what its own page holds
        r"""<(?:iframe(?!\ class="(?:preview-frame\b[^"]*"\ src="/?[a-z{]|workshop-frame"\ title=))"""
        r"""|frame|object|embed|applet|base)\b""",
        re.IGNORECASE,
    ),
    "a link of another site": re.compile(rf"<(?:link|use|image)\b[^>]*\bhref{ELSEWHERE}", re.IGNORECASE),
}


def markup_faults(page: str) -> list[str]:
    """What a page has that it must not have."""
    found = [what for what, pattern in FORBIDDEN_TEXT.items() if pattern.search(page)]
    for tag in TAG.finditer(page):
        found += [what for what, pattern in FORBIDDEN_ATTRIBUTES.items() if pattern.search(tag["attributes"])]
    return found
