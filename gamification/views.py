"""Leaderboards and achievements."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.authentication import signed_in
from gamification import achievements, board_page
from gamification.rules import PERIODS


@require_safe
def leaderboard(request: HttpRequest, period: str) -> HttpResponse:
    """One of the four boards: the top, me, and those around me."""
    known = next((name for name in PERIODS if name == period), None)
    if known is None:
        raise Http404
    page = board_page.page_of(period=known, user_id=signed_in(request).pk, at=timezone.now())
    return render(request, "gamification/leaderboard.html", {"board": page})


@require_safe
def show_achievements(request: HttpRequest) -> HttpResponse:
    """Every achievement, with progress."""
    badges = achievements.badges_of(signed_in(request).pk)
    unlocked = sum(badge.unlocked_at is not None for badge in badges)
    context = {"badges": badges, "unlocked": unlocked, "total": len(badges)}
    return render(request, "gamification/achievements.html", context)
