"""Fields of forms with messages that say what to do: days, whole numbers as they are typed, files."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from wtforms import DateField, FileField, Form, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation, ValidationError

from blueprints.face import amount, lang
from casework.filing import Upload
from queries.wording import sentence
from workflow.criteria_set import InvalidValue, ValueFault
from workflow.refusal import Refusal
from workflow.written import read_whole

WRITTEN_IN = "written_in"
"""The field in which a form says in which language its figures stand."""

OPTIONAL = Optional()
NOT_LISTED = _l("Hãy chọn một mục trong danh sách.")
DAY_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200  # beyond them it was mistyped, and days cannot be counted on for ever
LONGEST_NAME, LONGEST_TEXT = 200, 5000


def read_day(text: str) -> date | None:
    """The day of a typed text in any of the usual ways of writing it; None for nothing, ValueError for what is none."""
    if not text.strip():
        return None
    for form in DAY_FORMATS:
        with suppress(ValueError):
            found = datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day has no time zone
            if EARLIEST_YEAR <= found.year <= LATEST_YEAR:
                return found
    raise ValueError(_("Hãy nhập ngày theo dạng 05/01/2026."))


def upload_of(chosen: FileStorage, title: str = "", expires_on: date | None = None) -> Upload:
    """A file that was sent as casework takes it, without the folders of its sender."""
    name = str(chosen.filename).replace("\\", "/").rsplit("/", 1)[-1][-LONGEST_NAME:]
    return Upload(name, title.strip() or name, chosen.read(), expires_on)


class DayField(DateField):
    """A day as it is typed, 05/01/2026: a browser's own picker would show it in the order of the browser's language."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime(DAY_FORMATS[0]) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day in any of the usual ways of writing it."""
        self.data: date | None = None
        self.data = read_day(valuelist[0] if valuelist else "")


class CountField(IntegerField):
    """A whole number, zero or more, as it is typed: 1234, 1.234 or 1,234."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; dots or commas may separate thousands, in either language."""
        self.data: int | None = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        try:
            found = read_whole(text, self.name, lang())
        except InvalidValue as wrong:
            large = wrong.code is ValueFault.TOO_LARGE
            raise ValueError(fault(wrong) if large else _("Hãy nhập một số nguyên, ví dụ 1.234.")) from wrong
        if found < 0:
            raise ValueError(_("Hãy nhập một số nguyên, ví dụ 1.234."))
        self.data = found

    def _value(self) -> str:
        if self.data is None:
            return str(self.raw_data[0]) if self.raw_data else ""
        return amount(self.data)


class YearField(CountField):
    """A year: a number that is written without a dot."""

    def _value(self) -> str:
        return super()._value() if self.data is None else str(self.data)


class UploadField(FileField):
    """A file; `data` is None when none was chosen."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the first file that has a name."""
        files = [one for one in valuelist if isinstance(one, FileStorage) and one.filename]
        self.data: FileStorage | None = files[0] if files else None

    def upload(self, title: str = "", expires_on: date | None = None) -> Upload | None:
        """The chosen file as casework takes it, or None."""
        return upload_of(self.data, title, expires_on) if self.data else None


class FilePresent:
    """A file must be chosen."""

    field_flags: Mapping[str, bool] = {}

    def __call__(self, _form: Form, field: UploadField) -> None:
        """Stop when there is none."""
        if field.data is None:
            raise StopValidation(_("Hãy chọn một tệp."))


class AtMostField:
    """A count holds no more than another one of the form does."""

    field_flags: Mapping[str, bool] = {}

    def __init__(self, other: str) -> None:
        self.other = other

    def __call__(self, form: Form, field: CountField) -> None:
        """Say which count is exceeded, and by what it says."""
        outer = form[self.other]
        if field.data is not None and outer.data is not None and field.data > outer.data:
            words = {"count": amount(field.data), "label": outer.label.text, "most": amount(outer.data)}
            raise ValidationError(_("%(count)s lớn hơn “%(label)s” (%(most)s).", **words))


class WholeOf:
    """With some others this count makes up the whole that another field says."""

    field_flags: Mapping[str, bool] = {}

    def __init__(self, whole: str, *others: str) -> None:
        self.whole, self.others = whole, others

    def __call__(self, form: Form, field: CountField) -> None:
        """Say what the counts come to, how much that is too little or too much, and which of them to look at."""
        whole, parts = form[self.whole], [*(form[other] for other in self.others), field]
        if whole.data is None or any(part.data is None or part.errors for part in parts):
            return
        found = sum(part.data for part in parts)
        words = {
            "sum": " + ".join(amount(part.data) for part in parts) + f" = {amount(found)}",
            "label": whole.label.text,
            "whole": amount(whole.data),
            "by": amount(abs(found - whole.data)),
        }
        if found < whole.data:
            raise ValidationError(_("%(sum)s, thiếu %(by)s so với “%(label)s” (%(whole)s). Hãy sửa số sai.", **words))
        if found > whole.data:
            raise ValidationError(_("%(sum)s, thừa %(by)s so với “%(label)s” (%(whole)s). Hãy sửa số sai.", **words))


class TogetherWith:
    """Two counts stand together: both are given, or neither."""

    field_flags: Mapping[str, bool] = {}

    def __init__(self, other: str) -> None:
        self.other = other

    def __call__(self, form: Form, field: CountField) -> None:
        """Ask for this count when the other is given; go no further when there is none."""
        if field.data is None and not field.errors and form[self.other].data is not None:
            raise StopValidation(_("Hãy nhập cả hai số, hoặc để trống cả hai."))
        if field.data is None:
            raise StopValidation


class NotBefore:
    """A day comes no earlier than another one of the form."""

    field_flags: Mapping[str, bool] = {}

    def __init__(self, other: str) -> None:
        self.other = other

    def __call__(self, form: Form, field: DayField) -> None:
        """Say which day comes first."""
        first = form[self.other]
        if field.data and first.data and field.data < first.data:
            words = {"label": first.label.text, "day": first.data.strftime(DAY_FORMATS[0])}
            raise ValidationError(_("Ngày này trước “%(label)s” (%(day)s).", **words))


def typed(message: Any = None) -> DataRequired:
    """Something must be typed."""
    return DataRequired(message or _l("Hãy điền nội dung này."))


def counted(message: Any = None) -> InputRequired:
    """A number must be given; zero is one."""
    return InputRequired(message or _l("Hãy nhập một số nguyên, ví dụ 1.234."))


def dated() -> InputRequired:
    """A day must be given."""
    return InputRequired(_l("Hãy nhập ngày, ví dụ 05/01/2026."))


def choices_of(listed: Mapping[Any, Any]) -> list[SelectChoice]:
    """The choices of a field from values and labels."""
    return [SelectChoice(value, words) for value, words in listed.items()]


def one_of(label: Any, choices: Mapping[Any, Any], message: Any = None, **options: Any) -> RadioField:
    """One of a few, by value and label; one must be taken unless `optional` is said."""
    rule = OPTIONAL if options.pop("optional", False) else InputRequired(message or _l("Hãy chọn một mục."))
    return RadioField(label, [rule], choices=choices_of(choices), invalid_choice_message=NOT_LISTED, **options)


def some_of(
    label: Any, choices: Mapping[Any, Any], message: Any = None, *, optional: bool = False
) -> SelectMultipleField:
    """At least one of a few, by value and label; none may be taken where `optional` is said."""
    rule = OPTIONAL if optional else DataRequired(message or _l("Hãy chọn ít nhất một mục."))
    return SelectMultipleField(label, [rule], choices=choices_of(choices), invalid_choice_message=NOT_LISTED)


def from_list(label: Any, choices: Mapping[Any, Any], **options: Any) -> SelectField:
    """One of a long list, by value and label."""
    return SelectField(label, choices=choices_of(choices), invalid_choice_message=NOT_LISTED, **options)


def at_most(length: int) -> Length:
    """No more letters than the record can hold."""
    return Length(max=length, message=_l("Nhiều nhất %(max)d ký tự."))


def is_mail_address(text: str) -> bool:
    """Whether a text looks like an address for messages."""
    name, at, domain = text.strip().rpartition("@")
    return bool(name and at and "." in domain) and not any(map(str.isspace, text.strip()))


def fault(error: InvalidValue) -> str:
    """What is wrong with a value, as a sentence."""
    parameters = {name: value if isinstance(value, int) else str(value) for name, value in error.params.items()}
    return sentence(Refusal(str(error.code), parameters), lang())


def sent() -> ImmutableMultiDict[str, Any] | None:
    """What the request sent, texts and files together; None when it sent nothing."""
    if request.method != "POST":
        return None
    return ImmutableMultiDict([*request.form.items(multi=True), *request.files.items(multi=True)])
