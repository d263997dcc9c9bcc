"""The first leaves of a log, and its key: made once, kept for good."""

from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portal.config import Settings
from portal.db import writing
from portal.periods import now, today
from portal.refusals import Conflict
from portal.translog import keys
from portal.translog.appending import append
from portal.translog.notes import VerifierKey
from portal.translog.reading import log_size
from portal.translog.signing import FileSigner, Signer
from portal.translog.socket_signer import SocketSigner

RULES = "每笔公布的收支一片叶；每天一片结账叶；叶中没有姓名。叶的格式：docs/adr/0011，第 1 版。"


def signer_of(settings: Settings) -> Signer:
    """Whoever signs for this portal: a process behind a socket where one is named, else this process."""
    if settings.signer_socket is not None:
        return SocketSigner(settings.signer_socket)
    return FileSigner(settings.signing_key)


def origin_of(base_url: str) -> str:
    """What a new log is called: the portal's address without the scheme."""
    parts = urlsplit(base_url)
    return (parts.netloc + parts.path).rstrip("/")


def begin(settings: Settings) -> list[str]:
    """Make the signing key and the first leaves of an empty log; return what was done, in sentences.

    Raises:
        Conflict: the log has leaves but its key is gone, or the key has signed a log that is not this one.
    """
    with writing() as session:
        empty = log_size(session) == 0
        told = [] if settings.signer_socket else _make_key(settings, empty=empty)
        if empty:
            append(session, policy_leaf("log", RULES, today()))
            for key in signer_of(settings).verifier_keys():
                append(session, key_leaf(key, today()))
    return told


def rotate(settings: Settings) -> VerifierKey:
    """Add a new key that signs beside the old one from now on; the log says so, under the old signature as well.

    Raises:
        Conflict: a rotation is under way, or there is no key yet.
    """
    file = settings.signing_key
    present = keys.read(file)
    if len(present) != 1:
        raise Conflict(
            "先运行 portal init 生成签名密钥。" if not present else "上一次更换还没有完成：先停用旧密钥。"
        )
    new = keys.generate(present[0].name)
    with writing() as session:
        append(session, key_leaf(new.verifier, today()))
        keys.write(file, [present[0], new])
    return new.verifier


def retire(settings: Settings) -> VerifierKey:
    """Stop signing with the old key of a rotation; return it.

    Raises:
        Conflict: there is only one key.
    """
    present = keys.read(settings.signing_key)
    if len(present) < 2:
        raise Conflict("只有一把签名密钥，不能停用。先运行 portal log rotate-key。")
    keys.write(settings.signing_key, present[1:])
    return present[0].verifier


def key_leaf(key: VerifierKey, day: date) -> dict[str, Any]:
    """The leaf that announces a key."""
    return {"kind": "key", "date": day.isoformat(), "key": key.line()}


def policy_leaf(policy: str, text: str, day: date) -> dict[str, Any]:
    """The leaf that announces a rule, or a change of one."""
    return {"kind": "policy", "date": day.isoformat(), "policy": policy, "text": text}


def _make_key(settings: Settings, *, empty: bool) -> list[str]:
    file = settings.signing_key
    signed = FileSigner(file).signed()
    told = []
    if empty and signed.size:
        if settings.production:
            raise Conflict(
                f"签名密钥 {file} 已经为另一本 {signed.size} 片叶的账签过名，而数据库是空的。"
                "请恢复那本账的备份；要另立新账，请把 PORTAL_SIGNING_KEY_FILE 指向新的文件。"
            )
        told.append(f"旧账的签名密钥已移到 {_set_aside(file)}，新账用新密钥")
    present = keys.read(file)
    if not present and not empty:
        raise Conflict(f"账已经签过名，但签名密钥 {file} 不在了。请从备份恢复这个文件。")
    if not present:
        keys.write(file, [keys.generate(origin_of(settings.base_url))])
        told.append(f"签名密钥已生成：{file}（请另存一份备份，不要给别人看）")
    return told


def _set_aside(file: Path) -> Path:
    """Rename a key and its state, so that nothing is ever thrown away."""
    suffix = f".until-{now():%Y%m%dT%H%M%S}"
    for one in (file, file.with_name(f"{file.name}.state")):
        if one.exists():
            one.rename(one.with_name(one.name + suffix))
    return file.with_name(file.name + suffix)
