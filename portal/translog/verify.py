"""Check the published accounts 账本 with nothing but Python 3.9; docs/adr/0011 says what a line says.

    python3 verify.py KEY CHECKPOINT ENTRIES [OLD_CHECKPOINT ...] [--receipt RECEIPT.json] [--file EVIDENCE.jpg]

KEY is the log's verifier key or a file of them, CHECKPOINT its newest signed head, ENTRIES the file entries.jsonl.
An OLD_CHECKPOINT that you kept shows whether history was rewritten since. Lines count from 0, as "seq" does.
EVIDENCE.jpg is a published voucher or photo 凭证: its hash must stand in a line.
"""

import base64
import hashlib
import hmac
import json
import sys
import unicodedata
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

ENTRIES, OTHERS = (
    ("donation", "disbursement", "transfer", "purpose_change", "write_off", "sale", "reversal"),
    ("close", "report", "key", "policy", "erasure", "arrival", "evidence", "question"),
)
DECODER = json.JSONDecoder()
BAD = (ValueError, KeyError, TypeError, AttributeError, IndexError)

# Ed25519 (RFC 8032): points of a curve over the numbers modulo P; the point BASE has L multiples.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P)


def add(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    """Add two points of the curve."""
    (x1, y1), (x2, y2) = one, two
    k = D * x1 * x2 * y1 * y2
    return (x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P


def times(number: int, point: tuple[int, int]) -> tuple[int, int]:
    """Add a point to itself so many times, by doubling."""
    total = (0, 1)
    for bit in f"{number:b}":
        total = add(total, total)
        total = add(total, point) if bit == "1" else total
    return total


def point_of(data: bytes) -> tuple[int, int]:
    """Read a point: its y, and in the highest bit whether its x is odd."""
    odd, y = divmod(int.from_bytes(data, "little"), 2**255)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square:
        raise ValueError("the key is not a point of the curve")
    return (x if x % 2 == odd else P - x), y


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether s*BASE = R + k*public. Only s below L counts: else a signature could be written in two ways."""
    s = int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    x, y = point_of(public)
    x, y = add(times(s % L, point_of(b"\x58" + b"\x66" * 31)), times(k, (P - x, y)))
    return len(signature) == 64 and s < L and signature[:32] == (y + x % 2 * 2**255).to_bytes(32, "little")


class Head(NamedTuple):
    """What a checkpoint signs: the first ``size`` lines of the log have this root."""

    file: str
    size: int
    root: bytes


def read_key(line: str) -> tuple[str, bytes, bytes]:
    """Read ``name+id+key``: a name, the four bytes its signatures begin with, a public key."""
    name, key_id, encoded = line.split("+", 2)
    key = base64.b64decode(encoded)
    if hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] != key_id:
        raise ValueError(f"not a verifier key: {line}")
    return name, bytes.fromhex(key_id), key[1:]


def read_head(note: str, keys: list[tuple[str, bytes, bytes]], file: str) -> Head:
    """Read a signed note: signatures of others are passed over, ours must fit, and there must be one."""
    text, _, signatures = note.rpartition("\n\n")
    fits = []
    for name, key_id, public in keys:
        for line in signatures.splitlines():
            signer, _, encoded = line.rpartition(" ")
            if signer == f"— {name}" and (blob := base64.b64decode(encoded))[:4] == key_id:
                fits.append(is_signed(public, f"{text}\n".encode(), blob[4:]))
    if not fits or not all(fits):
        raise ValueError("签名不符" if fits else "没有已知密钥的签名")
    origin, size, root = text.split("\n")[:3]
    if origin not in [name for name, _, _ in keys]:
        raise ValueError(f"属于另一本账：{origin}")
    return Head(file, int(size), base64.b64decode(root))


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


class Books:
    """What the lines so far add up to, and what is wrong with them."""

    def __init__(self, hashes: list[str]) -> None:
        self.places = dict.fromkeys(hashes, "")  # where the hash of each file stands
        self.problems: list[str] = []
        self.totals = defaultdict[str, dict[str, int]](
            lambda: {"in": 0, "out": 0}
        )  # what came and went, by fund
        self.mirrors: set[int] = set()  # what would reverse each entry not yet reversed; hashes save memory
        self.paid: dict[int, tuple[str, int]] = {}  # the day and amount of each payout not reversed
        self.arrived: dict[int, int] = defaultdict(int)  # how much of it reached the people it was for
        self.arrivals: dict[int, tuple[int, str, int]] = {}  # each arrival not taken back, by its "seq"
        self.moved: set[str] = set()  # funds, since the last close
        self.jumps: dict[int, int] = {}  # the "seq" of lines that do not follow the one before
        self.entries = self.shift = self.day = self.missing_days = 0
        self.gap = False  # after a missing line totals are believed, or one fault would look like hundreds

    def read(self, line: int, raw: bytes) -> None:
        """Check one line."""
        try:
            text = raw.decode()
            leaf, end = DECODER.raw_decode(text)
            if leaf["v"] != 1 or end != len(text) or leaf["kind"] not in ENTRIES + OTHERS:
                raise ValueError("版本、种类或行尾不对")
            if leaf["seq"] != line + self.shift:
                self.shift, self.jumps[line], self.gap = leaf["seq"] - line, leaf["seq"], True
                self.totals.clear()
            if leaf["kind"] in ENTRIES:
                wrong = self.entry(leaf)
                # Each key stands once, or two readers could read two amounts.
                if text.count('":') != len(leaf) + 3 * (len(leaf["lines"]) + len(leaf["after"])) + len(
                    leaf.get("sealed", ())
                ):
                    wrong.append("TWICE 同一项写了两次")
                self.problems += [f"第 {line} 行：{leaf['no']} {'；'.join(wrong)}"] if wrong else []
            elif leaf["kind"] == "close":
                self.close(line, leaf)
            elif leaf["kind"] == "arrival":
                wrong = self.arrival(leaf)
                if text.count('":') != len(leaf) + len(leaf.get("sealed", ())):
                    wrong.append("TWICE 同一项写了两次")
                self.problems += [f"第 {line} 行：{leaf['no']} {'；'.join(wrong)}"] if wrong else []
            elif leaf["kind"] == "evidence" and leaf["sha256"] in self.places:
                self.places[leaf["sha256"]] = f"第 {line} 行：{leaf['document']} {leaf['date']}"
        except BAD as problem:
            self.problems.append(f"第 {line} 行：BAD LINE 格式不对：{problem!r}")
            self.gap = True
            self.totals.clear()

    def entry(self, leaf: dict[str, Any]) -> list[str]:
        """Its lines balance, its totals follow from those before, and a reversal mirrors an earlier entry."""
        totals, after, held, wrong = self.totals, leaf["after"], 0, list[str]()
        believed = [fund for fund in after if fund not in totals] if self.gap else ()
        undoes = leaf["kind"] == "reversal"
        text, sums = leaf["reverses"] if undoes else leaf["no"], dict.fromkeys(after, 0)
        for one in leaf["lines"]:
            account, fund, fen = one["account"], one["fund"], one["fen"]
            sums[fund] += fen
            text += f" {account} {fund} {-fen if undoes else fen}"
            if account[:2] == "10":  # money: what the fund can pay out
                totals[fund]["in" if fen > 0 else "out"] += abs(fen)
            held += fen if account[0] == "1" else 0  # any asset: goods and rights count as well
        for fund, said in after.items():
            if sums[fund]:
                wrong.append(f"BALANCE 基金 {fund} 借贷不平，差 {sums[fund]} 分")
            if totals[fund] != said and fund not in believed:
                wrong.append(f"AFTER 金额被改：基金 {fund} 累计写作 {said}，算得 {totals[fund]}")
            totals[fund] = said
        # What moves from fund to fund, and the reversal of that, changes nothing in sum.
        moves = not held and leaf["kind"] in ("transfer", "purpose_change", "reversal")
        if held != (leaf["fen"] if leaf["direction"] == "in" else -leaf["fen"]) and not moves:
            wrong.append(f"AMOUNT 金额写作 {leaf['fen']} 分，分录却是 {held} 分")
        if not undoes:
            self.mirrors.add(hash(text))
        elif hash(text) not in self.mirrors and not self.gap:  # else it may reverse what is missing
            wrong.append(f"REVERSAL 不是 {leaf['reverses']} 的镜像，或已红冲过")
        else:
            self.mirrors.discard(hash(text))
        wrong += self.pay(leaf)
        self.moved.update(after)
        self.entries += 1
        return wrong

    def pay(self, leaf: dict[str, Any]) -> list[str]:
        """Remember a payout until it is reversed; nothing of it may stand as arrived then."""
        if leaf["kind"] == "disbursement":
            self.paid[hash(leaf["no"])] = leaf["date"], leaf["fen"]
        elif leaf["kind"] == "reversal":
            undone = hash(leaf["reverses"])
            if self.paid.pop(undone, None) and self.arrived[undone]:
                return [f"ARRIVAL {leaf['reverses']} 红冲前没有撤回送达"]
        return []

    def arrival(self, leaf: dict[str, Any]) -> list[str]:
        """It is of an earlier payout: not before it, and never more than it; what takes one back mirrors it."""
        no, fen, wrong = hash(leaf["no"]), leaf["fen"], list[str]()
        day, paid = self.paid.get(no, ("", 0))
        self.arrived[no] += fen
        if "takes_back" not in leaf:
            self.arrivals[leaf["seq"]] = no, leaf["date"], fen
        elif self.arrivals.pop(leaf["takes_back"], None) != (no, leaf["date"], -fen):
            wrong.append("ARRIVAL 撤回的不是前面的送达，或已撤回过")
        if not day or leaf["date"] < day or (fen < 0 and "takes_back" not in leaf):
            wrong.append("ARRIVAL 前面没有这笔支出，或早于支付")
        elif not 0 <= self.arrived[no] <= paid:
            wrong.append(f"ARRIVAL 送达合计 {self.arrived[no]} 分，支付的却是 {paid} 分")
        return [] if self.gap else wrong  # it may be of a payout that is missing

    def close(self, line: int, leaf: dict[str, Any]) -> None:
        """It repeats how many entries there are and what the funds hold; there is one for each day."""
        funds = {fund: self.totals.get(fund) for fund in self.moved}
        if not self.gap and (leaf["entries"], leaf["funds"]) != (self.entries, funds):
            self.problems.append(f"第 {line} 行：CLOSE 日结与前面各行合计不符")
        day = date.fromisoformat(leaf["date"]).toordinal()
        self.missing_days += day - self.day - 1 if self.day else 0
        self.day = day
        self.moved.clear()

    def order(self) -> list[str]:
        """Say which lines do not follow the one before; two in each other's place were swapped."""
        said = []
        for line, seq in self.jumps.items():
            if self.jumps.get(seq) != line:
                what = "ENTRY MISSING 前面缺了记录" if seq > line else "EXTRA LINE 前面多了记录"
                said.append(f"第 {line} 行：{what}：自称第 {seq} 条")
            elif line < seq:
                said.append(f"第 {line} 行：SWAPPED 与第 {seq} 行对调")
        return said


def read_receipt(text: str, keys: list[tuple[str, bytes, bytes]], file: str) -> Head:
    """Read a receipt: its line leads to a signed root, and its private parts are those sealed in the line."""
    receipt: dict[str, Any]
    if text.startswith("c2sp.org/tlog-proof@v1\n"):  # the file that the site hands out
        head_lines, note = text.split("\n\n", 1)
        _, extra, number, *hashes = head_lines.split("\n")
        leaf = base64.b64decode(extra.removeprefix("extra ")).decode()
        receipt = {"leaf": leaf, "index": int(number[6:]), "hashes": hashes, "checkpoint": note}
    else:
        receipt = json.loads(text)
    head, raw = read_head(receipt["checkpoint"], keys, file), receipt["leaf"].encode()
    if not 0 <= receipt["index"] < head.size == receipt.get("tree_size", head.size):
        raise ValueError("树的大小不对")
    path = [base64.b64decode(one) for one in receipt["hashes"]]
    if root_from(leaf_hash(raw), receipt["index"], head.size, path) != head.root:
        raise ValueError("收据上的记录不在签名的账本里")
    for unit, private in receipt.get("private", {}).items():
        part = json.dumps(private["part"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        part = unicodedata.normalize("NFC", part)
        seal = hmac.digest(bytes.fromhex(private["salt"]), part.encode(), "sha256").hex()
        if seal != json.loads(raw)["sealed"].get(unit):
            raise ValueError(f"{unit} 不是当时封存的内容")
    return head


def read_list(file: str, books: Books, sizes: set[int]) -> tuple[int, dict[int, bytes]]:
    """Read every line once; return how many there are, and the roots at these sizes."""
    lines, peaks = 0, list[bytes]()
    roots = {0: root_of(peaks)}
    with Path(file).open("rb") as rows:
        for row in rows:
            raw, size = row.rstrip(b"\n"), lines
            books.read(lines, raw)
            tree = leaf_hash(raw)
            while size & 1:  # two subtrees of one size become one
                tree, size = node_hash(peaks.pop(), tree), size >> 1
            peaks.append(tree)
            lines += 1
            if lines in sizes:
                roots[lines] = root_of(peaks)
    return lines, roots


def compare(heads: list[Head], lines: int, roots: dict[int, bytes]) -> list[str]:
    """Say whether the list is shorter than, or other than, what was signed; the first head is the newest."""
    said, same, other = list[str](), 0, list[Head]()
    for head in sorted(heads, key=lambda head: head.size):
        if head.size > min(lines, heads[0].size):
            signed = f"{head.file} 签了 {head.size} 条，{heads[0].file} 签了 {heads[0].size} 条"
            said.append(f"ENTRIES MISSING 缺记录：{signed}，清单有 {lines} 条")
        elif roots[head.size] != head.root:
            other.append(head)
        elif not other:
            same = head.size
    if other:
        names = "、".join(f"{head.file}（{head.size} 条）" for head in other)
        said.append(
            f"REWRITTEN 账本被改写：改动在第 {same} 行至第 {other[0].size - 1} 行之间；不符的检查点：{names}"
        )
    return said


def main(words: list[str]) -> int:
    """Check everything, and say what was found."""
    at = [number + 1 for number, word in enumerate(words) if word in ("--receipt", "--file")]
    given = [(words[number - 1], words[number]) for number in at if number < len(words)]
    receipts = [file for option, file in given if option == "--receipt"]
    evidence = [file for option, file in given if option == "--file"]
    words = [word for number, word in enumerate(words) if number not in at and number + 1 not in at]
    if len(words) < 3 or len(given) < len(at):
        sys.stderr.write(__doc__)
        return 2
    key, entries, files = words[0], words[2], [words[1], *words[3:]]
    keys = [read_key(line) for line in (Path(key).read_text() if Path(key).is_file() else key).split()]
    hashes = [hashlib.sha256(Path(file).read_bytes()).hexdigest() for file in evidence]
    heads, books, problems = [], Books(hashes), []
    for file in files + receipts:
        try:
            read = read_receipt if file in receipts else read_head
            heads.append(read(Path(file).read_text("utf-8"), keys, file))
        except BAD as problem:
            problems.append(f"{'RECEIPT' if file in receipts else 'SIGNATURE'} {file}：{problem}")
    lines, roots = read_list(entries, books, {head.size for head in heads})
    found = [(file, books.places[one]) for file, one in zip(evidence, hashes)]  # noqa: B905 - Python 3.9
    problems += [f"FILE {file}：账本里没有这个文件，或它被换过" for file, place in found if not place]
    shown = books.problems[:20] + (["MORE 其余的不再列出"] if len(books.problems) > 20 else [])
    said = problems = shown + books.order() + problems + compare(heads, lines, roots)
    if not problems:
        said = [f"OK 核对无误：{lines} 行，其中 {books.entries} 笔记录；{len(heads)} 个签名的检查点"]
        said += [f"  {file} 就是当时公布的那一份（{place}）" for file, place in found]
        for fund, total in sorted(books.totals.items()):
            came, went = total["in"], total["out"]
            said.append(
                f"  {fund}  收入 {came / 100:,.2f}  支出 {went / 100:,.2f}  余额 {(came - went) / 100:,.2f} 元"
            )
        said.append("NOT PROVEN 不能证明：录入的内容属实；人人看到的是同一本账（请与别人保存的检查点比一比）")
    if heads and lines > heads[0].size:
        said.append(f"NOTE 第 {heads[0].size} 行起的 {lines - heads[0].size} 行还没有签名")
    if books.missing_days:
        said.append(f"NOTE 有 {books.missing_days} 天没有日结")
    sys.stdout.buffer.write(("\n".join(said) + "\n").encode(errors="backslashreplace"))
    return 1 if problems else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"{problem}\n")
        sys.exit(2)
