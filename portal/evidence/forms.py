"""Forms of evidence: files with their kind, boxes with public words, a reason."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, MultipleFileField, SelectField, StringField, TextAreaField

from portal.choices import member_options
from portal.evidence.attaching import MOST_AT_ONCE, EvidenceDetails, HandedIn
from portal.evidence.models import EvidenceKind
from portal.evidence.redacting import RedactionDetails
from portal.files.cleaning import MOST_BYTES
from portal.i18n import lazy_gettext as _l


class AttachForm(FlaskForm):
    """Files of one kind."""

    kind = SelectField(_l("种类"), coerce=EvidenceKind)
    files = MultipleFileField(
        _l("文件（可以多选）"),
        description=_l(
            "JPG、PNG、WebP 图片或 PDF，每个最多 %(size)d MB，一次最多 %(most)d 个。"
            "拍摄地点、设备等隐藏信息会自动去掉。",
            size=MOST_BYTES // 1024 // 1024,
            most=MOST_AT_ONCE,
        ),
    )
    note = StringField(_l("说明（不公开）"))

    def offer(self) -> None:
        """The kinds to choose from."""
        self.kind.choices = member_options(EvidenceKind)

    def details(self) -> EvidenceDetails:
        """What was handed in; call after validation."""
        files = [HandedIn(one.filename or "", one.read()) for one in self.files.data or () if one]
        return EvidenceDetails(kind=self.kind.data, files=files, note=self.note.data or "")


class RedactForm(FlaskForm):
    """What is blacked out."""

    version = HiddenField()
    boxes = TextAreaField(
        _l("框（数字）"),
        description=_l("一行一个框，五个数字：页 左 上 宽 高，后四个是占页面的百分数。例如“1 20 30 25 5”。"),
    )
    caption = StringField(
        _l("公开说明"), description=_l("公众会看到，例如“发放现场”。不写个人姓名，可以不填。")
    )
    nothing_to_hide = BooleanField(_l("我看过了：没有人脸、姓名、住址和号码需要遮住"))

    def details(self) -> RedactionDetails:
        """What was stated; call after validation."""
        return RedactionDetails(
            boxes=self.boxes.data or "",
            caption=self.caption.data or "",
            nothing_to_hide=bool(self.nothing_to_hide.data),
        )


class ReasonForm(FlaskForm):
    """Why something is sent back or taken down."""

    reason = StringField(_l("原因"))
