"""Check the published accounts 账本 with nothing but Python (3.9 or later); docs/adr/0011 says what a line says.

KEY is the log's verifier key or a file of them, CHECKPOINT its newest signed head, ENTRIES the file entries.jsonl.
An OLD_CHECKPOINT that you kept shows whether history was rewritten since. Lines count from 0, as "seq" does.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

ENTRY_KINDS = ("donation", "disbursement", "transfer", "reversal")
OTHER_KINDS = ("report", "key", "policy", "erasure")
MALFORMED = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
MOST_PROBLEMS = 20

# Ed25519 (RFC 8032): points of a curve over the numbers modulo P; BASE has L multiples.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P)
Point = tuple[int, int]


def add(one: Point, two: Point) -> Point:
    """Add two points of the curve."""
    (x1, y1), (x2, y2) = one, two
    k = D * x1 * x2 * y1 * y2 % P
    inverse = pow(1 - k * k, -1, P)
    return (x1 * y2 + x2 * y1) * (1 - k) * inverse % P, (y1 * y2 + x1 * x2) * (1 + k) * inverse % P


def times(number: int, point: Point) -> Point:
    """Add a point to itself so many times, by doubling."""
    total = (0, 1)
    for bit in f"{number:b}":
        total = add(total, total)
        total = add(total, point) if bit == "1" else total
    return total


def point_of(data: bytes) -> Point:
    """Read a point: its y, and in the highest bit whether its x is odd."""
    odd, y = divmod(int.from_bytes(data, "little"), 2**255)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (odd and not x):
        raise ValueError("the key is not a point of the curve")
    return (x if x % 2 == odd else P - x), y


BASE = point_of(b"\x58" + b"\x66" * 31)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether s*BASE - k*public is R. Only s below L counts: else a signature could be written in two ways."""
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % L
    x, y = point_of(public)
    x, y = add(times(s % L, BASE), times(k, (P - x, y)))
    return len(signature) == 64 and s < L and r == (y + x % 2 * 2**255).to_bytes(32, "little")


Key = tuple[str, bytes, bytes]  # a name, the four bytes that its signatures begin with, and a public key


class Head(NamedTuple):
    """What a checkpoint signs: the first ``size`` lines of a log have this root."""

    file: str
    origin: str
    size: int
    root: bytes
    shown: tuple[tuple[int, bytes], ...] = ()  # the line that a receipt shows, and where it stands


def read_key(line: str) -> Key:
    """Read ``name+id+key``."""
    name, key_id, encoded = line.split("+", 2)
    key = base64.b64decode(encoded, validate=True)
    digest = hashlib.sha256(name.encode() + b"\n" + key).digest()
    if len(key) != 33 or key[0] != 1 or digest[:4].hex() != key_id:
        raise ValueError(f"not a verifier key: {line}")
    return name, digest[:4], key[1:]


def read_head(note: str, keys: list[Key], file: str) -> Head:
    """Read a signed note. Others' signatures are passed over; those by our keys must fit, and there must be one."""
    text, _, signatures = note.rpartition("\n\n")
    fits = []
    for name, key_id, public in keys:
        for line in signatures.split("\n"):
            signer, _, encoded = line.rpartition(" ")
            if signer == f"— {name}" and (blob := base64.b64decode(encoded))[:4] == key_id:
                fits.append(is_signed(public, f"{text}\n".encode(), blob[4:]))
    if not fits or not all(fits):
        raise ValueError("签名不符" if fits else "没有已知密钥的签名")
    origin, size, root = text.split("\n")[:3]
    if not size.isdecimal():
        raise ValueError("不是检查点")
    return Head(file, origin, int(size), base64.b64decode(root))


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a line (RFC 6962); it begins unlike that of a node, so that one cannot pass for the other."""
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(peaks: list[bytes]) -> bytes:
    """The root over perfect subtrees, largest first."""
    *larger, root = peaks or [hashlib.sha256().digest()]
    for peak in reversed(larger):
        root = node_hash(peak, root)
    return root


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that an inclusion path leads to; its last hash stands beside the largest subtree."""
    if size == 1 or not path:
        return leaf if size == 1 and not path else b""
    left = 1 << (size - 1).bit_length() - 1
    if index < left:
        return node_hash(root_from(leaf, index, left, path[:-1]), path[-1])
    return node_hash(path[-1], root_from(leaf, index - left, size - left, path[:-1]))


def canonical(value: object) -> str:
    """The one way to write a value."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return unicodedata.normalize("NFC", text)


# To write every line again and compare takes long. An entry that looks like this is canonical at a glance.
ENTRY = re.compile(
    r'\{"after":\{W:\{"in":N,"out":N\}\},"booked":W,("campaign":W,|)"channel":W,"date":W,"direction":W,'
    r'("document":W,|)"fen":N,"form":W,"fund":W,"kind":W,("late":true,|)'
    r'"lines":\[(\{"account":W,"fen":N,"fund":W\},?)+\],"no":W,"organisation":W,("project":W,|)"published":W,'
    r'("receipt":W,|)("reverses":W,|)("sealed":\{("donor":W,?|)("use":W,?|)("words":W|)\},|)'
    r'"seq":N,("station":W,|)("street":W,|)"v":1\}'.replace("W", '"[^"]*"').replace("N", "(0|-?[1-9][0-9]*)")
)
DECODER = json.JSONDecoder(parse_float=int, parse_constant=int)  # int() refuses 1.5 and NaN: fen are whole


def read_leaf(raw: bytes) -> dict[str, Any]:
    """Read a line. It must be canonical: then no two readers can read different things in it."""
    try:
        text = raw.decode()
        leaf, _ = DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        raise ValueError("JSON 读不懂") from None
    plain = text.isascii() and "\\" not in text and ENTRY.fullmatch(text)
    if not plain and text != canonical(leaf):
        raise ValueError("NOT CANONICAL 不是规范写法")
    return leaf  # type: ignore[no-any-return]


class Books:
    """What the lines so far add up to, and what is wrong with them."""

    def __init__(self, shown: dict[int, bytes]) -> None:
        self.shown = shown  # lines that receipts show
        self.problems: list[tuple[int, str]] = []
        self.totals = defaultdict[str, dict[str, int]](lambda: {"in": 0, "out": 0})  # by fund
        self.mirrors: set[int] = set()  # what would reverse each entry not yet reversed; hashes save memory
        self.entries, self.day, self.gaps = 0, 0, 0
        self.moved: set[str] = set()  # funds, since the last close
        self.shift = 0  # how far "seq" is ahead of the lines
        self.jumps: dict[int, int] = {}  # the "seq" of lines where that changes
        self.lost = self.damaged = False  # something went wrong: since the last close, ever

    def say(self, line: int, problem: str) -> None:
        """Note what is wrong with a line; after so many, more do not help."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append((line, f"第 {line} 行：{problem}"))

    def lose_track(self) -> None:
        """A line is missing: believe the totals that the next ones state, or one fault would look like hundreds."""
        self.lost = self.damaged = True
        self.totals.clear()

    def read(self, line: int, raw: bytes) -> None:
        """Check one line."""
        if self.shown.get(line, raw) != raw:
            self.say(line, "RECEIPT 与收据上的不同")
        try:
            leaf = read_leaf(raw)
            kind, seq = leaf["kind"], leaf["seq"]
            if leaf["v"] != 1:
                raise ValueError(f"v {leaf['v']}")
            if seq != line + self.shift:
                self.shift, self.jumps[line] = seq - line, seq
                self.lose_track()
            if kind in ENTRY_KINDS:
                self.entry(line, leaf)
            elif kind == "close":
                self.close(line, leaf)
            elif kind not in OTHER_KINDS:
                raise ValueError(f"kind {kind}")
        except MALFORMED as problem:
            self.say(line, f"BAD LINE 格式不对：{type(problem).__name__} {problem}")
            self.lose_track()

    def entry(self, line: int, leaf: dict[str, Any]) -> None:
        """Its lines balance, its totals follow from those before, and a reversal mirrors an earlier entry."""
        after, totals, moved, wrong = leaf["after"], self.totals, 0, list[str]()
        believed = [fund for fund in after if fund not in totals] if self.damaged else ()
        undoes = leaf["kind"] == "reversal"
        text, sums = leaf["reverses"] if undoes else leaf["no"], dict.fromkeys(after, 0)
        for one in leaf["lines"]:
            account, fen, fund = one["account"], one["fen"], one["fund"]
            sums[fund] += fen
            if account[0] == "1":  # an asset: what the fund holds
                totals[fund]["in" if fen > 0 else "out"] += abs(fen)
                moved += fen
            text += f" {account} {fund} {-fen if undoes else fen}"
        for fund, said in after.items():
            if sums[fund]:
                wrong.append(f"BALANCE 基金 {fund} 的分录不平，差 {sums[fund]} 分")
            if totals[fund] != said and fund not in believed:
                wrong.append(f"AFTER 基金 {fund} 的累计数接不上，写作 {said}，算得 {totals[fund]}")
            totals[fund] = said
        expected = leaf["fen"] if leaf["direction"] == "in" else -leaf["fen"]
        if moved != expected and (moved or leaf["kind"] in ("donation", "disbursement")):
            wrong.append(f"AMOUNT 金额写作 {leaf['fen']} 分，分录却是 {moved} 分")
        if not undoes:
            self.mirrors.add(hash(text))
        elif hash(text) not in self.mirrors and not self.damaged:  # else it may reverse what is missing
            wrong.append(f"REVERSAL 不是 {leaf['reverses']} 的镜像，或它不存在、已冲正过")
        else:
            self.mirrors.discard(hash(text))
        if wrong:
            self.damaged = True
            self.say(line, f"{leaf['no']} {'；'.join(wrong)}")
        self.moved.update(after)
        self.entries += 1

    def close(self, line: int, leaf: dict[str, Any]) -> None:
        """It repeats how many entries there are, and the totals of the funds that moved since the last."""
        said, now = leaf.get("funds", {}), {fund: self.totals.get(fund) for fund in self.moved}
        if not self.lost and (leaf["entries"] != self.entries or said != now):
            funds = [fund for fund in said.keys() | now.keys() if said.get(fund) != now.get(fund)]
            self.say(line, f"CLOSE 日结写作 {leaf['entries']} 笔，算得 {self.entries} 笔；不符的基金 {funds}")
        day = date.fromisoformat(leaf["date"]).toordinal()
        self.gaps += self.day not in (0, day - 1)
        self.entries, self.day, self.lost = leaf["entries"] + 0, day, False
        self.totals.update(said)
        self.moved.clear()

    def finish(self) -> None:
        """Say which lines do not follow the one before; two in each other's place were swapped."""
        for line, seq in self.jumps.items():
            if self.jumps.get(seq) != line:
                what = "ENTRY MISSING 前面缺了记录" if seq > line else "EXTRA LINE 前面多了记录"
                self.say(line, f"{what}：自称第 {seq} 条")
            elif line < seq:
                self.say(line, f"SWAPPED 与第 {seq} 行对调")


def read_receipt(text: str, keys: list[Key], file: str) -> Head:
    """Read a receipt: its line leads to a signed root, and its private parts are those sealed in the line."""
    receipt = json.loads(text)
    head, leaf = read_head(receipt["checkpoint"], keys, file), receipt["leaf"].encode()
    index, sealed = receipt["index"], json.loads(leaf).get("sealed", {})
    path = [base64.b64decode(one) for one in receipt["hashes"]]
    if not 0 <= index < head.size == receipt["tree_size"]:
        raise ValueError("树的大小不对")
    if root_from(leaf_hash(leaf), index, head.size, path) != head.root:
        raise ValueError("路径不通向检查点的根")
    for unit, private in receipt.get("private", {}).items():
        salt, part = bytes.fromhex(private["salt"]), canonical(private["part"]).encode()
        if hmac.digest(salt, part, "sha256").hex() != sealed.get(unit):
            raise ValueError(f"{unit} 不是当时封存的内容")
    return head._replace(shown=((index, leaf),))


def read_list(rows: Iterable[bytes], books: Books, sizes: set[int]) -> tuple[int, dict[int, bytes]]:
    """Read every line once; return how many there are, and the roots at these sizes."""
    lines, peaks = 0, list[bytes]()
    roots = {0: root_of(peaks)}
    for row in rows:
        raw, size = row.removesuffix(b"\n"), lines
        books.read(lines, raw)
        tree = leaf_hash(raw)
        while size & 1:  # two subtrees of one size become one
            tree, size = node_hash(peaks.pop(), tree), size >> 1
        peaks.append(tree)
        lines += 1
        if lines in sizes:
            roots[lines] = root_of(peaks)
    books.finish()
    return lines, roots


def compare(heads: list[Head], lines: int, roots: dict[int, bytes]) -> Iterator[str]:
    """Say whether the list is shorter than, or other than, what was signed; the first head is the newest."""
    same, other = 0, list[Head]()
    for head in sorted(heads, key=lambda head: head.size):
        if head.origin != heads[0].origin:
            yield f"ORIGIN {head.file} 属于另一本账：{head.origin}"
        if head.size > min(lines, heads[0].size):
            signed = f"{head.file} 签了 {head.size} 条，{heads[0].file} 签了 {heads[0].size} 条"
            yield f"ENTRIES MISSING 缺记录：{signed}，清单有 {lines} 条"
        if head.size <= lines and roots[head.size] != head.root:
            other.append(head)
        elif not other:
            same = head.size
    if other:
        names = "、".join(f"{head.file}（{head.size} 条）" for head in other)
        yield f"REWRITTEN 账本被改写：改动在第 {same} 行至第 {other[0].size - 1} 行之间；不符的检查点：{names}"


def report(books: Books, heads: list[Head], lines: int) -> Iterator[str]:
    """Say what was checked, and what was not."""
    yield f"OK 核对无误：{lines} 行，其中 {books.entries} 笔记录；{len(heads)} 个签名的检查点"
    for fund, total in sorted(books.totals.items()):
        came, went = total["in"], total["out"]
        yield f"  {fund}  收入 {came / 100:,.2f}  支出 {went / 100:,.2f}  余额 {(came - went) / 100:,.2f} 元"
    yield "CHECKED 已核对：签名；清单与每个检查点的根；行号、借贷平衡、累计数、红冲、日结；收据（如有）"
    yield "NOT PROVEN 不能证明：录入的内容属实；两次日结之间没有压下不公布的记录；人人看到的是同一本账"
    yield "KEEP 请保存这个检查点，下次作为 OLD_CHECKPOINT 再核对，并与别人保存的比一比"


def main() -> int:
    """Check everything, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for name in ("key", "checkpoint", "entries"):
        parser.add_argument(name, metavar=name.upper())
    parser.add_argument("old", metavar="OLD_CHECKPOINT", nargs="*")
    parser.add_argument("--receipt", metavar="RECEIPT.json", nargs=1, default=[])
    asked = parser.parse_intermixed_args()
    heads, problems = list[Head](), list[str]()
    try:
        key = Path(asked.key).read_text("utf-8") if Path(asked.key).is_file() else asked.key
        keys = [read_key(line) for line in key.split()]
        for file in (asked.checkpoint, *asked.old, *asked.receipt):
            text, is_receipt = Path(file).read_text("utf-8", "replace"), file in asked.receipt
            try:
                heads.append((read_receipt if is_receipt else read_head)(text, keys, file))
            except MALFORMED as problem:
                problems.append(f"{'RECEIPT' if is_receipt else 'SIGNATURE'} {file}：{problem}")
        books = Books(dict(line for head in heads for line in head.shown))
        with Path(asked.entries).open("rb") as rows:
            lines, roots = read_list(rows, books, {head.size for head in heads})
    except (OSError, ValueError) as problem:
        parser.error(str(problem))
    problems = [text for _, text in sorted(books.problems)] + problems + [*compare(heads, lines, roots)]
    if len(books.problems) == MOST_PROBLEMS:
        problems.append("MORE 其余的不再列出")
    said = problems or [*report(books, heads, lines)]
    if heads and lines > heads[0].size:
        said.append(f"NOTE 第 {heads[0].size} 行起的 {lines - heads[0].size} 行还没有签名")
    if books.gaps:
        said.append(f"NOTE 日结有 {books.gaps} 处不是一天接一天")
    sys.stdout.write("\n".join(said) + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
