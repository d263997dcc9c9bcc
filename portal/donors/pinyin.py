"""Search keys of a name: how it is spelled in pinyin, and its initials."""

from pypinyin import Style, lazy_pinyin


def spelled(name: str) -> str:
    """``李小明`` → ``lixiaoming``; letters and digits stay, in lower case."""
    return _plain(lazy_pinyin(name))


def initials_of(name: str) -> str:
    """``李小明`` → ``lxm``."""
    return _plain(lazy_pinyin(name, style=Style.FIRST_LETTER))


def _plain(syllables: list[str]) -> str:
    return "".join(one for one in "".join(syllables).lower() if one.isalnum())
