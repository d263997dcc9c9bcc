"""The judge of feeds is silent about a right feed, and names each rule of RFC 4287 that a feed breaks."""

import pytest

from tools.judges import feeds

ADDRESS = "https://example.org/feed.atom"
RIGHT = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-Hans-CN">
  <id>https://example.org/feed.atom</id>
  <title>账本</title>
  <updated>2026-11-01T08:00:00Z</updated>
  <author><name>海珠</name></author>
  <link rel="self" href="https://example.org/feed.atom"/>
  <entry>
    <id>https://example.org/bills/1</id>
    <title>账单</title>
    <updated>2026-11-01T16:00:00+08:00</updated>
    <link rel="alternate" type="text/html" href="https://example.org/bills/1"/>
  </entry>
</feed>"""


def test_a_right_feed_is_left_in_peace() -> None:
    assert feeds.rules(RIGHT.encode(), ADDRESS) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</feed>", "", "not well-formed"),
        (
            'rel="self" href="https://example.org/feed.atom"',
            'rel="self" href="https://example.org/"',
            "itself",
        ),
        ("<id>https://example.org/bills/1</id>", "<id>https://example.org/feed.atom</id>", "2 times"),
        ("<id>https://example.org/bills/1</id>", "<id>bills/1</id>", "no absolute address"),
        ("<id>https://example.org/bills/1</id>", "<id>urn:uuid:1</id>", "no absolute address"),
        ('href="https://example.org/bills/1"', 'href="/bills/1"', "not absolute"),
        ("2026-11-01T16:00:00+08:00", "2026-11-01T16:00:00", "no zone"),
        ("2026-11-01T16:00:00+08:00", "2026-11-31T16:00:00Z", "no instant"),
        ("2026-11-01T16:00:00+08:00", "2926-11-01T16:00:00Z", "in the future"),
        ("<author><name>海珠</name></author>", "", "no author"),
        ("<title>账单</title>", "<title> </title>", "an empty title"),
        ("<title>账单</title>", "<title>&lt;b&gt;账单&lt;/b&gt;</title>", "markup"),
        (
            '<link rel="alternate" type="text/html" href="https://example.org/bills/1"/>',
            "",
            "neither content",
        ),
    ],
)
def test_a_broken_rule_is_named(old: str, new: str, said: str) -> None:
    assert old in RIGHT
    assert any(said in finding for finding in feeds.rules(RIGHT.replace(old, new).encode(), ADDRESS))
