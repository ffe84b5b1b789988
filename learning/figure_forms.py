"""The form of a figure: a picture with its words."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

from learning.models import Figure
from learning.pictures import LONGEST_SIDE, MOST_BYTES, MOST_PIXELS, NotAPicture, Picture, read

CODE = RegexValidator(r"\A[a-z0-9-]{1,40}\Z", _("Use small letters, digits and hyphens, 40 at most."))


class FigureForm(forms.ModelForm[Figure]):
    """A figure; a new picture takes the place of the old one."""

    picture: Picture | None = None
    longest = {"title": 80, "alt": 400, "source": 2_000, "ground_of_use": 2_000}

    file = forms.FileField(
        label=_("Picture"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_(
            "PNG, JPEG or WebP, at most %(megabytes)d MB and %(pixels)d million pixels. It is kept without "
            "metadata and at most %(side)d pixels long."
        )
        % {"megabytes": MOST_BYTES // 2**20, "pixels": MOST_PIXELS // 10**6, "side": LONGEST_SIDE},
    )

    class Meta:
        model = Figure
        fields = ("code", "title", "alt", "source", "ground_of_use")
        widgets = {
            "title": forms.TextInput(attrs={"size": 60}),
            **{name: forms.Textarea(attrs={"rows": 3}) for name in ("alt", "source", "ground_of_use")},
        }
        help_texts = {
            "code": _("Blocks name the figure by it; it cannot be changed later."),
            "title": _("For the workshop's lists."),
            "alt": _("What there is to see, for those who do not see it; 400 characters at most."),
            "source": _("Who made it, where it was published; learners see it."),
            "ground_of_use": _("Why we may show it: our own, a licence, a permission, public domain."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, longest in self.longest.items():
            if name in self.fields:
                self.fields[name].validators.append(MaxLengthValidator(longest))
        if "code" in self.fields:
            self.fields["code"].validators.append(CODE)
        if not self.instance._state.adding:
            self.fields["file"].required = False
            self.fields["file"].label = _("New picture")

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            if (file.size or 0) > MOST_BYTES:
                raise forms.ValidationError(
                    _("The file is larger than %(n)d MB."), params={"n": MOST_BYTES // 2**20}
                )
            try:
                self.picture = read(file.read(), name=file.name or "")
            except NotAPicture as error:
                raise forms.ValidationError(str(error)) from error
        return file
