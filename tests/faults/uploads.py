"""The site with one more page, which keeps a file that somebody sends: as every page with an upload will."""

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import path

from dracarys import urls

handler500 = urls.handler500


@login_not_required
def keep(request: HttpRequest) -> HttpResponse:
    picture = request.FILES["picture"]
    assert isinstance(picture, UploadedFile)
    return HttpResponse(default_storage.save("picture.png", picture))


urlpatterns = [path("keep/", keep), *urls.urlpatterns]
