"""What nobody types by accident: texts, numbers, dates and files that break programs."""

from hypothesis import strategies as st

# Stands in every hostile text: where it comes back with its brackets alive, the page did not escape it.
ALIVE = "<canary-9f3"
MARKUP = f"""'">{ALIVE} onload=alert(1)>{{{{7*7}}}}{{% load x %}}${{7*7}}"""

TEXTS = (
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\udfff\ud800",
    "\u202egnp.exe",
    "a\u200b\u200d\ufeff\u2066b",
    "Z" + "\u0341" * 200,
    "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 20,
    "a\r\nSet-Cookie: a=b\r\n\r\n",
    "a\nb\x0bc\x1bd\x7fe\x85f\u2028g",
    MARKUP,
    "' OR 1=1; DROP TABLE users; --",
    "%s %(a)s {0} {a.__class__} %n",
    "../../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "İıſK",
    "ﷺ" * 50,
    "ß@ﬁ.com",
    "null",
    "None",
    "true",
    "undefined",
    "[]",
    "{}",
)
NUMBERS = (
    "-1",
    "0",
    "-0",
    "007",
    "1.5",
    "1e5",
    "1e309",
    "-1e309",
    "NaN",
    "-Infinity",
    "inf",
    "1_000",
    "0x10",
    "٣",
    "１",
    "2147483648",
    "-2147483649",
    "9223372036854775808",
    "9" * 30,
    "9" * 400,
    "9" * 5000,
    "1." + "0" * 400 + "1",
)
TIMES = (
    "0000-01-01",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2024-02-30",
    "2024-13-01",
    "-2024-01-01",
    "0001-01-01 00:00:00",
    "9999-12-31 23:59:59.999999",
    "2024-01-01T25:00",
    "23:59:60",
    "24:00:00",
    "999999999 23:59:59",
    "-999999999 00:00:00",
    "P999999999Y",
    "99999999999999 days",
    "Etc/../UTC",
)
IDENTIFIERS = (
    "00000000-0000-0000-0000-000000000000",
    "00000000000000000000000000000007",
    "{0-0}",
    "1; --",
    "__all__",
)
CORPUS = (*TEXTS, *NUMBERS, *TIMES, *IDENTIFIERS)
LONG = ("x" * 8_000, MARKUP * 300, "\u0341" * 5_000, "[" * 5_000, "<" * 8_000)
HUGE = ("x" * 1_000_000, "🐉" * 250_000)

_characters = st.characters(exclude_categories=())
anything = st.text(_characters, max_size=30)


def texts() -> st.SearchStrategy[str]:
    """Mostly the corpus, whole or with something around it; sometimes any text, sometimes a long one."""
    around = st.sampled_from(CORPUS) | anything
    return st.one_of(
        st.sampled_from(CORPUS),
        st.sampled_from((*CORPUS, MARKUP)),
        st.tuples(around, st.just(MARKUP), around).map("".join),
        anything,
        st.sampled_from(LONG),
    )


def sendable(text: str) -> str:
    """As a browser's form can carry it: half a surrogate pair has no bytes in UTF-8."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
