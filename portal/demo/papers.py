"""Evidence of the demonstration's larger payouts: slips that are drawn, handed in, blacked out and published."""

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from portal.demo.stage import Stage
from portal.evidence import attaching, publishing, redacting, subjects
from portal.evidence.attaching import EvidenceDetails, HandedIn
from portal.evidence.models import EvidenceKind
from portal.evidence.redacting import RedactionDetails
from portal.money import format_yuan
from portal.reports.fonts import FILES, FOLDER, REGULAR
from portal.spending.models import Disbursement
from portal.spending.service import SUBJECT

_SIZE = (900, 640)
_SIGNATURE = (70, 78, 26, 12)
"""Left, top, width and height of the signature, in percent of the slip."""
_INK, _RULE, _PEN = (27, 42, 48), (201, 162, 75), (40, 60, 150)


def hand_in(stage: Stage, paid: Disbursement) -> None:
    """Hand a signed slip in; most are published without the signature, one in four still waits for it."""
    subject = subjects.kind_of(SUBJECT).find(stage.session, paid.id, stage.clerk)
    details = EvidenceDetails(EvidenceKind.RECEIPT, [HandedIn("签收单.jpg", _slip(paid))], "签收单扫描件")
    [piece] = attaching.attach((SUBJECT, paid.id), subject, details, stage.clerk).pieces
    if stage.random.random() < 0.25:
        return
    box = " ".join(map(str, (1, *_SIGNATURE)))
    hidden = RedactionDetails(box, "受助单位签收单，签名已遮盖")
    redacted = redacting.redact(piece.id, hidden, stage.clerk, piece.version)
    publishing.publish(redacted.id, stage.reviewer, redacted.version)


def _slip(paid: Disbursement) -> bytes:
    picture = Image.new("RGB", _SIZE, (253, 251, 246))
    draw = ImageDraw.Draw(picture)
    draw.text((_SIZE[0] / 2, 70), "签收单（演示）", fill=_INK, font=_face(44), anchor="mm")
    draw.line((60, 115, _SIZE[0] - 60, 115), fill=_RULE, width=3)
    people = f"{paid.beneficiary_count} 人次" if paid.beneficiary_count else ""
    helped, _comma, _group = paid.recipient.partition("，")
    facts = (
        ("支出编号", paid.disbursement_no),
        ("用途", paid.purpose[:24]),
        ("受助对象", f"{helped} {people}"),
        ("金额", f"{format_yuan(paid.amount_fen)} 元"),
        ("支付日期", f"{paid.paid_on:%Y-%m-%d}"),
    )
    for number, (words, value) in enumerate(facts):
        y = 165 + number * 62
        draw.text((80, y), words, fill=(85, 102, 109), font=_face(26), anchor="lm")
        draw.text((230, y), value, fill=_INK, font=_face(28), anchor="lm")
    draw.text((80, 545), "以上款项已全部收到。签收人：", fill=_INK, font=_face(26), anchor="lm")
    draw.line([(650 + 22 * step, 545 + (-1) ** step * (18 + step)) for step in range(9)], fill=_PEN, width=4)
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=85)
    return made.getvalue()


@cache
def _face(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FOLDER / FILES[REGULAR]), size)
