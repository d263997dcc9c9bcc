"""Who may send a form that asks for no login: a person who took a moment to write, from a page of this site.

There is no cookie and no session. The page carries a signed token that says when it was opened and for what; it is good
for one text, for a day. So another site cannot send a form in somebody's name, a program cannot send one blindly, and a
form that is sent twice is taken once: what stands in the token is the key of what was sent.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.i18n import lazy_gettext as _l
from portal.periods import now
from portal.refusals import Refusal

SHORTEST = timedelta(seconds=3)
"""Nobody reads a form and writes a sentence faster."""
LONGEST = timedelta(hours=24)
"""Old people write slowly, and are called away."""
_SALT = "portal.questions.form"


class SuspectForm(Refusal):
    """The form does not look as if a person had sent it; what was written is kept, and may be sent again.

    ``renew`` says that the page needs a new token.
    """

    def __init__(self, message: str, *, renew: bool = True) -> None:
        super().__init__(message)
        self.renew = renew


@dataclass(frozen=True)
class SentForm:
    """What a form brings along besides what was written. ``trap`` is a field that people do not see."""

    token: str
    trap: str
    address: str


class FormGuard:
    """Makes and checks the tokens of one deployment."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt=_SALT)

    def token(self, purpose: str) -> str:
        """A token for a form that is opened now."""
        return self._signer.dumps([purpose, secrets.token_urlsafe(16)])

    def key_of(self, sent: SentForm, purpose: str) -> str:
        """The key of what a form sent: the same for the same page, however often it is sent.

        Raises:
            SuspectForm: no person sent it, or it was opened too long ago.
        """
        if sent.trap:
            raise SuspectForm(_l("有一个看不见的格子被填上了，可能是浏览器自动填的。请再按一次提交。"))
        try:
            loaded, opened_at = self._signer.loads(sent.token, return_timestamp=True)
            wanted, nonce = loaded
        except (BadSignature, ValueError, TypeError):
            raise SuspectForm(_l("这个页面打开得太久了，或者不是从本站打开的。请再按一次提交。")) from None
        age = now() - opened_at
        if wanted != purpose or age > LONGEST:
            raise SuspectForm(_l("这个页面打开得太久了，或者不是从本站打开的。请再按一次提交。"))
        if age < SHORTEST:
            raise SuspectForm(_l("提交得太快了。请看一看写得对不对，过几秒再按提交。"), renew=False)
        return f"{purpose.partition(':')[0]}:{nonce}"
