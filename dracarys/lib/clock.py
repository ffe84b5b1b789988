"""Days in a person's own time zone."""

import datetime as dt
import zoneinfo
from functools import lru_cache


@lru_cache(maxsize=1024)
def zone(name: str) -> zoneinfo.ZoneInfo:
    """The IANA zone `name`; UTC where the name is unknown to this machine."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo("UTC")


def local_day(at: dt.datetime, timezone: str) -> dt.date:
    """The calendar day that the aware instant `at` falls on in `timezone`, DST included."""
    return at.astimezone(zone(timezone)).date()
