"""A leaderboard as its page shows it."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gamification.leaderboards import BoardRow, board
from gamification.models import Period
from gamification.rules import PERIODS, PeriodName


class BoardTab(NamedTuple):
    period: str
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Everything the page says; `percentile` is the share of the others that one is ahead of."""

    period: str
    title: str
    window_label: str
    tabs: tuple[BoardTab, ...]
    top: tuple[BoardRow, ...]
    me: BoardRow | None
    neighbours: tuple[BoardRow, ...]
    total: int
    percentile: int | None


def page_of(*, period: PeriodName, user_id: uuid.UUID, at: dt.datetime) -> BoardPage:
    """The page of one board. Two queries, however many people there are."""
    shown = board(period=period, user_id=user_id, at=at)
    tabs = tuple(
        BoardTab(
            name, str(Period(name).label), reverse("gamification:leaderboard", args=[name]), name == period
        )
        for name in PERIODS
    )
    return BoardPage(
        period=period,
        title=str(Period(period).label),
        window_label=window_label(period, shown.first_date, shown.last_date),
        tabs=tabs,
        top=shown.top,
        me=shown.me,
        neighbours=shown.neighbours,
        total=shown.total,
        percentile=shown.percentile,
    )


def window_label(period: PeriodName, first: dt.date, last: dt.date) -> str:
    """The period in words; boards run in UTC and say so."""
    if period == "all_time":
        return _("Since the beginning, in UTC")
    if period == "daily":
        return _("%(day)s, UTC") % {"day": date_format(first, "j F Y")}
    return _("%(first)s to %(last)s, UTC") % {
        "first": date_format(first, "j F"),
        "last": date_format(last, "j F Y"),
    }
