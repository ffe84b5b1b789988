import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import *

pytestmark = pytest.mark.django_db
def show(label, f):
    try:
        r = f()
        t = re.search(r"<title>([^<]*)", r.content.decode(errors="replace"))
        print(label, r.status_code, r.headers.get("Location"), t and t.group(1).strip())
        return r
    except Exception as e:
        print(label, "EXC", type(e).__name__, str(e)[:200])
def test_probe(as_ash, ash, gate, client, capsys):
    c = Client(raise_request_exception=False)
    with capsys.disabled():
        print()
        (Path(settings.MAILBOX_PATH)/"20240101-120000-123.log").write_bytes(b"Subject: Hi\nTo: a@b.c\nFrom: x@y.z\nContent-Type: text/plain\n\nhello http://x.y/\n"+b"-"*79+b"\n")
        show("mail", lambda: c.get("/mail/"))
        show("mail1", lambda: c.get("/mail/20240101-120000-123.log/"))
        show("mail-long", lambda: c.get("/mail/"+"a"*300+".log/"))
        show("mail-trav", lambda: c.get("/mail/..%2f..%2fetc%2fpasswd/"))
        show("mail-nul", lambda: c.get("/mail/%00.log/"))
        show("theme", lambda: c.post("/theme/", {"theme":"dark","next":"nonsense"}))
        show("theme", lambda: c.post("/theme/", {"theme":"dark","next":"/a"+"b"*30000}))
        show("theme", lambda: c.post("/theme/", {"theme":"dark","next":"/a\nb: c\0"}))
        show("theme", lambda: c.post("/theme/", {"theme":"dark","next":"http://[::1"}))
        show("dash-long", lambda: c.get("/dashboard/?x="+"b"*30000))
        cs = Client(enforce_csrf_checks=True)
        show("csrf", lambda: cs.post("/theme/", {"theme":"dark"}))
        for p in ["/leaderboards/%00/","/learn/999999999999/1/","/learn/1/1/99999999999999999999999/","/learn/1/"+"9"*5000+"/","/learn/%00/1/","/attempts/xyz/","/leaderboards/"+"x"*5000+"/","/path/?a=%00","/attempts/00000000-0000-0000-0000-000000000000/charts/%00.json","/accounts/password/reset/key/%00-x/","/accounts/password/reset/key/zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz-x/","/accounts/password/reset/key/1-x/","/accounts/login/?next=%00","/admin/login/","/admin/","/admin/accounts/user/%00/change/","/admin/xx/"]:
            as_ash.raise_request_exception=False
            show(p[:60], lambda: as_ash.get(p)); show("anon "+p[:60], lambda: c.get(p))
        b = lambda **k: c.post("/accounts/login/", {"login":"ash@example.org","password":"correct-horse-battery"}|k)
        for v in ["a\0b@example.org","a@b.c"*3000,"\u202eash@example.org","ASH@EXAMPLE.ORG"]:
            show("login "+repr(v[:20]), lambda: c.post("/accounts/login/", {"login":v,"password":"correct-horse-battery"}))
            c.post("/accounts/logout/")
        show("login pw", lambda: c.post("/accounts/login/", {"login":"ash@example.org","password":"x\0"*5000}))
        User.objects.filter(pk=ash.pk).update(banned_until=timezone.now()+dt.timedelta(days=1))
        r=show("login banned", b)
        r=show("  then", lambda: c.get(r.headers["Location"]))
        print(Activity.objects.count(), c.session.keys() if c.session else None)
        show("banned dash", lambda: as_ash.get("/dashboard/"))
        User.objects.filter(pk=ash.pk).update(banned_until=None, is_active=False)
        r=show("login inactive", b)
        show("signup", lambda: c.post("/accounts/signup/", {"email":"a\0@x.org","password1":"correct-horse-battery"}))
        r=show("signup", lambda: c.post("/accounts/signup/", {"email":"New@Example.org","password1":"correct-horse-battery"}))
        print(User.objects.values_list("email", flat=True), OutboxMessage.objects.values_list("kind","recipient"))
        show("verify", lambda: c.get("/accounts/confirm-email/"))
        show("verify", lambda: c.post("/accounts/confirm-email/", {"code":"\0"}))
        show("404", lambda: c.get("/nope/"))
        for m in ["put","patch","delete","options","trace","head"]:
            print(m, getattr(c,m)("/").status_code, getattr(as_ash,m)("/dashboard/").status_code, getattr(c,m)("/theme/").status_code, getattr(c,m)("/accounts/login/").status_code)
