"""Every address of the bare site, and its views."""

import time

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

ROWS, PATIENCE = 20, 2.0


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Session and person are two queries, the rows the third."""
    rows = User.objects.order_by("pk").values("pk", "username", "email", "date_joined")[:ROWS]
    return render(request, "page.html", {"rows": rows})


@login_required
def slow(request: HttpRequest) -> HttpResponse:
    """Waits for somebody else, as a page does that asks another host."""
    time.sleep(PATIENCE)
    return HttpResponse("at last")


urlpatterns = [path("", page), path("slow/", slow)]
