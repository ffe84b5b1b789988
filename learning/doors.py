"""The doors of learners' pages: what an address names is found, and what is locked says why."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from learning import notes, player, quiz_taking, reports
from learning.access import Locked
from learning.models import Attempt, Lesson

View = Callable[..., HttpResponse]
# The gate, or what the address names in it.
NOT_THERE = (
    Lesson.DoesNotExist,
    player.NoSuchBlock,
    quiz_taking.NoAssessment,
    notes.NoSuchBlock,
    reports.NoSuchPlace,
)


def gate_view(view: View) -> View:
    """Gives the view its lesson; 404 where there is none, the path with the reason where it is locked."""

    @wraps(view)
    def wrapped(request: HttpRequest, level: int, gate: int, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, player.find(level, gate), *args, **kwargs)
        except NOT_THERE as error:
            raise Http404 from error
        except Locked as locked:
            messages.warning(request, " ".join(locked.sentences))
            return redirect(f"{reverse('learning:path')}#gate-{level}-{gate}")

    return wrapped


def attempt_view(view: View) -> View:
    """A stranger's attempt answers like one that does not exist."""

    @wraps(view)
    def wrapped(request: HttpRequest, attempt_id: uuid.UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, attempt_id, *args, **kwargs)
        except Attempt.DoesNotExist as error:
            raise Http404 from error
        except Locked as locked:
            messages.warning(request, " ".join(locked.sentences))
            return redirect("learning:path")

    return wrapped
