"""Forms for the people in charge of a thing and the papers about it."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from portal.i18n import lazy_gettext as _l
from portal.registry.fields import DayField, PickField
from portal.registry.forms import REQUIRED, kind_choices
from portal.registry.record_models import AttachmentKind, Body
from portal.registry.services.attachments import AttachmentDetails
from portal.registry.services.officers import OfficerDetails


class OfficerForm(FlaskForm):
    """Somebody in charge."""

    name = StringField(_l("姓名"), validators=[InputRequired(message=_l("这一项必须填写。"))])
    position = StringField(
        _l("职务"), description=_l("例如：会长、秘书长、监事、站点负责人。"), validators=[REQUIRED]
    )
    body = PickField(_l("身份"), validators=[REQUIRED])
    since = DayField(_l("到任日期"), validators=[REQUIRED])

    def offer(self) -> None:
        """The capacities to choose from."""
        self.body.offer(kind_choices(Body))

    def details(self) -> OfficerDetails:
        """What was stated; call after validation."""
        return OfficerDetails(
            name=self.name.data or "",
            position=self.position.data or "",
            body=Body(self.body.data),
            since=self.since.data,  # type: ignore[arg-type]
        )


class OfficerEndForm(FlaskForm):
    """The last day of somebody in charge."""

    until = DayField(_l("离任日期"), validators=[REQUIRED])


class AttachmentForm(FlaskForm):
    """A paper or picture."""

    title = StringField(_l("标题"), validators=[REQUIRED])
    kind = PickField(_l("文件种类"), validators=[REQUIRED])
    file = FileField(
        _l("文件"),
        description=_l("PDF 或 JPG、PNG、WebP 图片，最多 20 MB；拍摄地点等隐藏信息会自动去掉。"),
        validators=[FileRequired(message=_l("请选择文件。"))],
    )
    public = BooleanField(_l("向公众公开"))

    def offer(self) -> None:
        """The kinds of papers to choose from."""
        self.kind.offer(kind_choices(AttachmentKind))

    def details(self) -> AttachmentDetails:
        """What was handed in; call after validation."""
        return AttachmentDetails(
            title=self.title.data or "",
            kind=AttachmentKind(self.kind.data),
            public=bool(self.public.data),
            content=self.file.data.read() if self.file.data else b"",
        )
