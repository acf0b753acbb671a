"""Every fault is one line that says where and what: the text of each is asserted."""

import os
import re
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from feeds import load, source
from feeds.model import Enclosure, Image, Person, Post, Tag, TagText

from .conftest import CONFIG, SHIPPED, SITE, Write

X = "content/2020-09-17-x.yaml"
M = "content/2020-09-17-x.md"
KNOWN = (
    "known are title, date, updated, tags, summary, body, authors, author, link, image, "
    "enclosure, language, draft, slug, id"
)


def faults(config: Path) -> list[str]:
    with pytest.raises(load.LoadError) as error:
        load.site(config)
    assert str(error.value) == "\n".join(map(str, error.value.findings))
    return str(error.value).split("\n")


def only(config: Path) -> Post:
    (post,) = load.site(config).posts
    return post


POST_FAULTS: dict[str, tuple[str | bytes, list[str]]] = {
    "unknown fields": (
        "title: A\nupdate: 2020-01-01\ncategories: [x]\nzzz: 1\n",
        [
            "2:1: update: is not a field; did you mean `updated`?",
            "3:1: categories: is not a field; did you mean `tags`?",
            f"4:1: zzz: is not a field; {KNOWN}",
        ],
    ),
    "no title": ("tags: [a]\n", ["1:1: title: is missing"]),
    "empty title": ("title:\n", ["1:7: title: is missing"]),
    "empty file": ("", ["1:1: title: is missing"]),
    "wrong types": (
        "title: [a]\ntags: {a: b}\ndraft: maybe\nimage: x.png\nsummary:\n  - a\n"
        "authors: [1, [x]]\nenclosure: [a]\n",
        [
            "1:8: title: must be text",
            "2:7: tags: must be text",
            "3:8: draft: must be true or false",
            "4:8: image: must hold fields, such as url: …",
            "6:3: summary: must be text",
            "7:14: authors[1]: must be text",
            "8:12: enclosure: must hold fields, such as url: …",
        ],
    ),
    "a comment in prose": (
        "title: Nr #1\nsummary: Om C # og\ntags: [C#]  # fine\ndate: 2020-01-01 # fine\n",
        [
            '1:8: title: what follows " #" is a comment to YAML: put the text in quotes',
            '2:10: summary: what follows " #" is a comment to YAML: put the text in quotes',
        ],
    ),
    "text outside its field": (
        "title: A\nbody: |\nTekst\n",
        [
            "4:1: YAML: could not find expected ':'; "
            "text of several lines stands indented below its field",
        ],
    ),
    "half a quote": (
        'title: "A" og B\n',
        ["1:12: YAML: did not find expected key; text that begins with a quote ends with it"],
    ),
    "a quoted flag": ('title: A\ndraft: "true"\n', ["2:8: draft: must be true or false"]),
    "flags that are made": (
        "title: A\ndraft: !!bool banana\n",
        ["2:8: draft: must be true or false"],
    ),
    "a null that is made": (
        "title: A\ndraft: !!null true\n",
        ["2:8: draft: must be true or false"],
    ),
    "a line break that is none to the author": (
        "title: A\nbody: |\n  Hej\u2028du\n",
        ["3:6: YAML forbids the character U+2028: remove it"],
    ),
    "too many tags and authors": (
        f"title: A\ntags: {list(range(51))}\nauthors: {list(range(51))}\n",
        ["2:7: tags: holds over 50 tags", "3:10: authors: holds over 50 authors"],
    ),
    "a list of flags": ("title: A\ndraft: [true]\n", ["2:8: draft: must be true or false"]),
    "blank text": (
        'title: " "\ntags: ["", ok]\n',
        ["1:8: title: is blank", "2:8: tags[0]: is blank"],
    ),
    "bad tags": (
        "title: A\ntags: ['a, b', '!!!', x, X, x, " + "l" * 101 + "]\n",
        [
            "2:8: tags[0]: a tag holds no comma: write a list, [one, two]",
            "2:16: tags[1]: '!!!' gives no address: it needs a letter or a digit",
            f"2:26: tags[3]: 'X' and 'x' in {X} have the same address, /tags/x/: use one name",
            "2:29: tags[4]: 'x' stands here for the second time",
            "2:32: tags[5]: gives an address of over 100 characters",
        ],
    ),
    "no moment": (
        "title: A\ndate: 2020-03-29 02:30\n",
        [
            "2:7: date: '2020-03-29 02:30': 02:30 does not exist on 2020-03-29 in "
            "Europe/Copenhagen; write 2020-03-29T03:30:00+02:00 or 2020-03-29T01:30:00+01:00"
        ],
    ),
    "not a date": (
        "title: A\ndate: 12:30\n",
        [
            "2:7: date: '12:30' is not a date; write it like 2020-09-17 10:37 or "
            "2020-09-17T10:37:00+02:00"
        ],
    ),
    "updated first": (
        "title: A\nupdated: 2020-01-01\n",
        ["2:10: updated: lies before the post's date"],
    ),
    "a control character": (
        "title: A\x0bB\nbody: x\x0c\n",
        ["1:9: XML forbids the character U+000B: remove it"],
    ),
    "a NUL": (b"title: A\x00\n", ["1:9: XML forbids the character U+0000: remove it"]),
    "a character that YAML forbids": (
        "title: æ\n# \x7f\n",
        ["2:3: YAML forbids the character U+007F: remove it"],
    ),
    "an escaped control character": (
        'title: "A\\x0bB"\nbody: "a\\uFFFEb"\n',
        [
            "1:8: title: XML forbids the character U+000B: remove it",
            "2:7: body: XML forbids the character U+FFFE: remove it",
        ],
    ),
    "a control character made by HTML": (
        'title: A\nbody: "<p>a&#1;</p>"\n',
        ["2:7: body: XML forbids the character U+0001: remove it"],
    ),
    "Latin-1": (
        "title: A\ntags: [blå]\n".encode("latin-1"),
        ["2:10: is not UTF-8 (byte 0xe5): save it as UTF-8"],
    ),
    "UTF-16": (
        "title: A\n".encode("utf-16"),
        ["1:1: is not UTF-8 (byte 0xff): save it as UTF-8"],
    ),
    "an alias bomb": (
        "title: A\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n",
        ["2:4: YAML: an alias (*name) repeats this; write it out"],
    ),
    "nested brackets": (
        "title: A\ntags: " + "[" * 200_000,
        ["2:38: YAML: nested too deeply"],
    ),
    "nested dashes": (
        "title: A\ntags:\n" + "- " * 200_000 + "a\n",
        ["3:63: YAML: nested too deeply"],
    ),
    "nested lines": (
        "title: A\ntags:\n" + "\n".join(" " * n + "a:" for n in range(1, 1000)) + "\n",
        ["34:33: YAML: nested too deeply"],
    ),
    "an absurd size": (
        b"title: A\nbody: " + b"x" * 600_000,
        [": is larger than 524,288 bytes"],
    ),
    "a colon": (
        "title: Ledelse: nu\n",
        [
            "1:15: YAML: mapping values are not allowed in this context; "
            'text with ": " in it needs quotes'
        ],
    ),
    "a tab": (
        "title: A\ntags:\n\t- x\n",
        [
            "3:1: YAML: found character that cannot start any token; YAML indents with spaces, "
            "and text that begins with @, ` or % needs quotes"
        ],
    ),
    "two documents": (
        "title: A\n---\ntitle: B\n",
        ['2:1: YAML: but found another document; a file holds one post: remove the line "---"'],
    ),
    "an open quote": (
        'title: "A\ndate: 2020-01-01\n',
        ["3:1: YAML: found unexpected end of stream; while scanning a quoted scalar from 1:8"],
    ),
    "an unknown alias": ("title: *x\n", ["1:8: YAML: found undefined alias"]),
    "a list": ("- a\n", ["1:1: must hold fields, such as title: …"]),
    "a YAML tag": (
        "title: !!python/object:os.system x\n",
        [
            "1:8: title: YAML tags are not read here: "
            "remove tag:yaml.org,2002:python/object:os.system"
        ],
    ),
    "a list for a name": (
        "title: A\n? [a]\n: b\n",
        ["2:3: the name of a field must be text"],
    ),
    "a field twice": (
        "title: A\ntitle: B\n",
        ["2:1: title: stands here for the second time"],
    ),
    "an impossible slug": (
        "title: A\nslug: Å æ\n",
        ["2:7: slug: 'Å æ' cannot stand in an address; write aa-ae"],
    ),
    "an unspeakable slug": (
        "title: A\nslug: '?'\n",
        ["2:7: slug: '?' cannot stand in an address; write letters"],
    ),
    "a long slug": (
        "title: A\nslug: " + "a" * 101 + "\n",
        ["2:7: slug: is longer than 100 characters"],
    ),
    "bad addresses": (
        "title: A\nlink: www.x.dk/a\nimage: {url: 'javascript:alert(1)', alt: x}\n"
        "enclosure: {url: /a.mp3, type: mp3, length: 1.5}\n",
        [
            "2:7: link: 'www.x.dk/a' must begin with https:// or http:// or /; "
            "did you mean https://www.x.dk/a?",
            "3:14: image.url: 'javascript:alert(1)' must begin with https:// or http:// or /",
            "4:32: enclosure.type: 'mp3' is not a media type such as audio/mpeg",
            "4:45: enclosure.length: must be a whole number from 0 to 999999999999999",
        ],
    ),
    "incomplete media": (
        "title: A\nimage: {alt: x}\nenclosure: {url: 'https://[::1', typ: audio/mpeg}\n",
        [
            "2:8: image.url: is missing",
            "3:12: enclosure.type: is missing",
            "3:12: enclosure.length: is missing",
            "3:18: enclosure.url: 'https://[::1' is not an address: Invalid IPv6 URL",
            "3:34: enclosure.typ: is not a field; did you mean `type`?",
        ],
    ),
    "a name for an id": (
        "title: A\nid: my id\n",
        ["2:5: id: 'my id' is not a URI such as tag:example.org,2020:my-post"],
    ),
    "a locale for a language": (
        "title: A\nlanguage: da_DK\n",
        ["2:11: language: 'da_DK' is not a language tag such as da or en-GB (BCP 47)"],
    ),
    "author and authors": (
        "title: A\nauthor: X\nauthors: [Y]\n",
        ["2:9: author: stands beside `authors`: use one of them"],
    ),
    "bad authors": (
        "title: A\nauthors: [Bo, bo, {name: Bo}, {email: x}, {name: '!', url: x}, '']\n",
        [
            f"2:15: authors[1]: 'bo' and 'Bo' in {X} have the same address, /authors/bo/: "
            "use one name",
            "2:19: authors[2]: 'Bo' stands here for the second time",
            "2:31: authors[3].name: is missing",
            "2:39: authors[3].email: 'x' is not an e-mail address",
            "2:43: authors[4]: '!' gives no address: it needs a letter or a digit",
            "2:60: authors[4].url: 'x' must begin with https:// or http:// or /; did you mean /x?",
            "2:64: authors[5]: is blank",
        ],
    ),
    "deep HTML": (
        "title: A\nbody: '" + "<div>" * 501 + "'\n",
        ["2:7: body: HTML of over 500 tags is nested too deep, or not closed"],
    ),
}


@pytest.mark.parametrize("case", POST_FAULTS)
def test_a_fault_in_a_post(write: Write, case: str) -> None:
    text, expected = POST_FAULTS[case]
    config = write({X: text})
    assert faults(config) == [X + (m if m.startswith(":") else f":{m}") for m in expected]


FILE_FAULTS: dict[str, tuple[dict[str, str | bytes], list[str]]] = {
    "no date anywhere": (
        {"content/x.yaml": "title: A\n"},
        ["content/x.yaml:1:1: date: is missing"],
    ),
    "a name with a bad date": (
        {"content/2020-13-17-x.yaml": "title: A\n"},
        ["content/2020-13-17-x.yaml: the file's name: '2020-13-17': month must be in 1..12"],
    ),
    "a name without words": (
        {"content/2020-09-17-.yaml": "title: A\n"},
        ["content/2020-09-17-.yaml: the file's name gives no address: add the field `slug`"],
    ),
    "a long name": (
        {f"content/2020-09-17-{'x' * 101}.yaml": "title: A\n"},
        [
            f"content/2020-09-17-{'x' * 101}.yaml: the file's name gives an address of over "
            "100 characters: add the field `slug`"
        ],
    ),
    "tags that collide": (
        {X: "title: A\ntags: [Ø-drift]\n", "content/y.yaml": "title: B\ndate: 2020-01-01\n"
         "tags: [a, oe-drift]\n"},
        [
            f"content/y.yaml:3:11: tags[1]: 'oe-drift' and 'Ø-drift' in {X} have the same "
            "address, /tags/oe-drift/: use one name"
        ],
    ),
    "what may be given once": (
        {
            X: "title: A\nlink: https://x.example/1\nid: tag:a,2020:x\n",
            "content/2020-09-18-x.md": "---\ntitle: B\nlink: https://x.example/1\n"
            "id: tag:a,2020:x\n---\nBody\n",
        },
        [
            f"content/2020-09-18-x.md: slug: 'x' belongs to {X} already: "
            "rename the file or add the field `slug`",
            f"content/2020-09-18-x.md:3:7: link: 'https://x.example/1' belongs to {X} already",
            f"content/2020-09-18-x.md:4:5: id: 'tag:a,2020:x' belongs to {X} already",
        ],
    ),
    "the same name in two folders": (
        {X: "title: A\n", "content/sub/2020-09-17-x.yml": "title: B\nslug: y\n"},
        [
            "content/sub/2020-09-17-x.yml: id: 'tag:e.example,2000:posts/2020-09-17-x' belongs to "
            f"{X} already: rename the file or add the field `id`"
        ],
    ),
    "Markdown without front matter": (
        {M: "Hej\n"},
        [f'{M}:1:1: no YAML front matter between two lines "---"'],
    ),
    "Markdown with open front matter": (
        {M: "---\ntitle: A\n"},
        [f'{M}:1:1: no YAML front matter between two lines "---"'],
    ),
    "TOML front matter": (
        {M: "+++\ntitle = 'x'\n+++\n"},
        [f'{M}:1:1: no YAML front matter between two lines "---" (TOML is not read: use YAML)'],
    ),
    "a fault in front matter": (
        {M: "---\ntitle: A\nfoo: b\n---\nhej\n"},
        [f"{M}:3:1: foo: is not a field; {KNOWN}"],
    ),
    "broken front matter": (
        {M: "---\ntitle: A: b\n---\n"},
        [
            f"{M}:2:9: YAML: mapping values are not allowed in this context; "
            'text with ": " in it needs quotes'
        ],
    ),
    "a body in front matter": (
        {M: "---\ntitle: A\nbody: x\n---\nhej\n"},
        [f"{M}:3:7: body: stands below the front matter in a Markdown file"],
    ),
    "a Markdown body that gives a control character": (
        {M: "---\ntitle: A\n---\n<p>&#2;</p>\n"},
        [f"{M}: body: XML forbids the character U+0002: remove it"],
    ),
    "Markdown that is not UTF-8": (
        {M: b"---\ntitle: A\n---\n\xff\n"},
        [f"{M}:4:1: is not UTF-8 (byte 0xff): save it as UTF-8"],
    ),
    "faults in several files": (
        {"config.yaml": "title: T\nurl: x.dk\n", X: "title: [A]\n", "content/a.yaml": "titel: B\n"},
        [
            "config.yaml:2:6: url: 'x.dk' must begin with https:// or http://; "
            "did you mean https://x.dk?",
            f"{X}:1:8: title: must be text",
            "content/a.yaml:1:1: titel: is not a field; did you mean `title`?",
            "content/a.yaml:1:1: title: is missing",
            "content/a.yaml:1:1: date: is missing",
        ],
    ),
    "a broken config": (
        {"config.yaml": b"title: \xff", X: "title: [A]\n"},
        [
            "config.yaml:1:8: is not UTF-8 (byte 0xff): save it as UTF-8",
            f"{X}:1:8: title: must be text",
        ],
    ),
    "an empty config": (
        {"config.yaml": ""},
        ["config.yaml:1:1: title: is missing", "config.yaml:1:1: url: is missing"],
    ),
    "everything wrong in a config": (
        {
            "config.yaml": "titel: T\nurl: https://e.example/?a=b\ntimezone: Europe/Kopenhagen\n"
            "authority: foo\nlanguage: dansk\nfeeds: {posts: 0, content: all, size: 1}\n"
            "tags: {a: b, A: {titel: c}, '!': {}}\nauthors: [{name: B, email: b@c}]\nicon: x.png\n"
        },
        [
            "config.yaml:1:1: titel: is not a field; did you mean `title`?",
            "config.yaml:1:1: title: is missing",
            "config.yaml:2:6: url: 'https://e.example/?a=b' must end with the path, "
            "without ? and #",
            "config.yaml:3:11: timezone: no time zone is called 'Europe/Kopenhagen'; "
            "did you mean Europe/Copenhagen?",
            "config.yaml:4:12: authority: not a domain and a date, such as example.org,2020 "
            "(RFC 4151)",
            "config.yaml:5:11: language: 'dansk' is not a language tag such as da or en-GB "
            "(BCP 47)",
            "config.yaml:6:16: feeds.posts: must be a whole number from 1 to 1000",
            "config.yaml:6:28: feeds.content: must be full or summary",
            "config.yaml:6:33: feeds.size: is not a field; known are posts, content, max_age, hub",
            "config.yaml:7:11: tags.a: must hold fields, such as title: …",
            "config.yaml:7:14: tags.A: 'A' and 'a' in config.yaml have the same address, "
            "/tags/a/: use one name",
            "config.yaml:7:29: tags.!: '!' gives no address: it needs a letter or a digit",
            "config.yaml:8:28: authors[0].email: 'b@c' is not an e-mail address",
            "config.yaml:9:7: icon: 'x.png' must begin with https:// or http:// or /; "
            "did you mean /x.png?",
        ],
    ),
    "redirects and gone that cannot work": (
        {
            X: "title: A\ntags: [t]\n",
            "content/2020-01-01-d.yaml": "title: D\ndraft: true\n",
            "config.yaml": "title: T\nurl: https://e.example/\nredirects:\n"
            "  /posts/x/: /\n  /a: /b\n  /b: /a\n  /c/: /posts/xx/\n  /d: /posts/d/\n"
            "  /feed: e\n  ../e: /\n  /f/../g: /\n  /h?i: /\n  /j: /\n  /k//l: /\n  /healthz: /\n"
            "  /m: /tags/zzzzzzzzzzzz/\n"
            "gone: [/tags/t/atom.xml, /j, x]\n",
        },
        [
            "config.yaml:4:3: redirects./posts/x/: is the address of something that is there",
            "config.yaml:5:7: redirects./a: leads round in a loop",
            "config.yaml:6:7: redirects./b: leads round in a loop",
            "config.yaml:7:8: redirects./c/: there is nothing at /posts/xx/; "
            "did you mean /posts/x/?",
            "config.yaml:8:7: redirects./d: there is nothing at /posts/d/; "
            "did you mean /posts/x/?",
            "config.yaml:9:10: redirects./feed: 'e' must begin with https:// or http:// or /; "
            "did you mean /e?",
            "config.yaml:10:3: redirects.../e: '../e' is not a path such as /old/address/",
            "config.yaml:11:3: redirects./f/../g: '/f/../g' cannot be the address of a page",
            "config.yaml:12:3: redirects./h?i: '/h?i' is not a path such as /old/address/",
            "config.yaml:13:3: redirects./j: stands in `gone` too",
            "config.yaml:14:3: redirects./k//l: '/k//l' cannot be the address of a page",
            "config.yaml:15:3: redirects./healthz: is the address of something that is there",
            "config.yaml:16:7: redirects./m: there is nothing at /tags/zzzzzzzzzzzz/",
            "config.yaml:17:8: gone[0]: is the address of something that is there",
            "config.yaml:17:30: gone[2]: 'x' is not a path such as /old/address/",
        ],
    ),
    "what is read twice and wrong once": (
        {
            "config.yaml": "title: T\nurl: https://e.example\nredirects: x\ngone: ['', {a: b}]\n",
            X: "title: A\n",
        },
        [
            "config.yaml:3:12: redirects: must hold fields, such as /old/path/: /new/path/",
            "config.yaml:4:8: gone[0]: is blank",
            "config.yaml:4:12: gone[1]: must be text",
        ],
    ),
    "living addresses with a slash more or less": (
        {
            X: "title: A\n",
            "config.yaml": "title: T\nurl: https://e.example\n"
            "redirects: {/posts/x: /, /rss.xml/: /}\ngone: [/style.css/]\n",
        },
        [
            "config.yaml:3:13: redirects./posts/x: is the address of something that is there",
            "config.yaml:3:26: redirects./rss.xml/: is the address of something that is there",
            "config.yaml:4:8: gone[0]: is the address of something that is there",
        ],
    ),
    "a redirect to a post that has a fault": (
        {
            X: "titel: A\n",
            "config.yaml": "title: T\nurl: https://e.example/\nredirects: {/a: /posts/x/}\n",
        },
        [
            f"{X}:1:1: titel: is not a field; did you mean `title`?",
            f"{X}:1:1: title: is missing",
        ],
    ),
    "the id of a feed": (
        {X: "title: A\nid: tag:e.example,2000:feeds/tags/x\n"},
        [f"{X}:2:5: id: is kept for the site's feeds"],
    ),
    "a link to another post": (
        {
            X: "title: A\nlink: https://e.example/posts/y/\n",
            "content/2020-09-18-y.yaml": "title: Y\n",
        },
        [
            f"content/2020-09-18-y.yaml: link: 'https://e.example/posts/y/' belongs to {X} "
            "already: rename the file or add the field `link`"
        ],
    ),
    "an author who is called like the blog": (
        {
            "config.yaml": "title: Jette!\nurl: https://e.example\n",
            X: "title: A\nauthor: jette\n",
        },
        [
            f"{X}:2:9: author: 'jette' and 'Jette!' in config.yaml have the same address, "
            "/authors/jette/: use one name"
        ],
    ),
    "a path that would be another host": (
        {"config.yaml": "title: T\nurl: https://e.example//evil.example/\n"},
        ["config.yaml:2:6: url: 'https://e.example//evil.example/' has // in its path"],
    ),
    "names that would break lines or terminals": (
        {X: 'title: A\n"a\\nb\\e[31m\\u202e": c\n'},
        [f"{X}:2:1: a\\nb\\x1b[31m\\u202e: is not a field; {KNOWN}"],
    ),
    "a path for a time zone": (
        {"config.yaml": "title: T\nurl: https://e.example\ntimezone: ../../etc/passwd\n"},
        [
            "config.yaml:3:11: timezone: no time zone is called '../../etc/passwd'; "
            "write it like Europe/Copenhagen"
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FILE_FAULTS)
def test_a_fault_in_files(write: Write, case: str) -> None:
    files, expected = FILE_FAULTS[case]
    assert faults(write(files)) == expected


def test_a_config_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    expected = [
        "config.yaml: cannot be read: No such file or directory",
        "content: cannot be read: No such file or directory",
    ]
    assert faults(Path("config.yaml")) == expected


def test_a_pipe_that_is_named_like_a_post_does_not_hang(write: Write) -> None:
    config = write({})
    os.mkfifo(X)
    worker = threading.Thread(target=lambda: found.extend(faults(config)), daemon=True)
    found: list[str] = []
    worker.start()
    worker.join(10)
    assert found == [f"{X}: is not a regular file"]


def test_pure_python_yaml_refuses_the_same(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_LOADER", yaml.SafeLoader)
    for case in ("nested brackets", "nested dashes", "nested lines", "an alias bomb"):
        text, expected = POST_FAULTS[case]
        assert faults(write({X: text})) == [f"{X}:{line}" for line in expected]
    surrogate = write({X: 'title: "\\ud83d"\n'})
    assert faults(surrogate) == [f"{X}:1:8: title: XML forbids the character U+D83D: remove it"]


def test_many_brackets_and_lists_beside_each_other_are_not_deep(write: Write) -> None:
    body = "".join(f"  - [{n}]({n})\n" for n in range(100))
    post = only(write({X: f"title: A\ntags: [a, b]\nbody: |\n{body}"}))
    assert post.content.count("<li>") == 100
    assert len(post.tags) == 2


def test_a_small_config_of_three_lines(write: Write) -> None:
    config = write({"config.yaml": "title: T\nurl: https://e.example:8080/b/\nlanguage: da\n"})
    site = load.site(config)
    assert site.url == "https://e.example:8080/b"
    assert (site.subtitle, site.timezone.key, site.posts_per_feed) == ("T", "UTC", 20)
    assert site.full_content
    assert site.authors == (Person(name="T", slug="t"),)
    assert (site.icon, site.favicon) == (None, "https://e.example:8080/b/favicon.ico")
    assert site.authority == "e.example,2000"
    assert load.config(config) == site


def test_load_config_reports_the_config_alone(write: Write) -> None:
    assert load.config(write({X: "titel: A\n"})).title == "T"
    with pytest.raises(load.LoadError, match=r"^config.yaml:1:8: title: is blank"):
        load.config(write({"config.yaml": "title: ''\nurl: https://e.example\n"}))


def test_a_preview_address_changes_links_and_no_id(write: Write) -> None:
    config = write({X: "title: A\nbody: '[a](/b)'\n"})
    plain = only(config)
    (preview,) = load.site(config, "http://127.0.0.1:8000").posts
    assert preview.link == "http://127.0.0.1:8000/posts/x/"
    assert 'href="http://127.0.0.1:8000/b"' in preview.content
    assert preview.id == plain.id == "tag:e.example,2000:posts/2020-09-17-x"
    with pytest.raises(ValueError, match="must begin with https://"):
        load.site(config, "localhost:8000")


def test_redirects_lead_to_their_end_whichever_way_they_are_written(write: Write) -> None:
    config = write(
        {
            X: "title: A\n",
            "config.yaml": "title: T\nurl: https://e.example/b\nredirects:\n"
            "  /1: /2\n  /2: https://e.example/b/posts/x/\n  /3/: https://other.example/å\n"
            "  /indl%C3%A6g: /rss.xml\n  /ærø/: /\ngone: [/v%C3%A6k]\n",
        }
    )
    site = load.site(config)
    assert site.redirects == {
        "/1": "/posts/x/",
        "/2": "/posts/x/",
        "/3/": "https://other.example/%C3%A5",
        "/indlæg": "/rss.xml",
        "/ærø/": "/",
        # What subscribers ask for goes with the page.
        "/ærø/rss.xml": "/rss.xml",
        "/ærø/atom.xml": "/atom.xml",
        "/ærø/feed.json": "/feed.json",
    }
    assert site.gone == {"/væk", "/væk/rss.xml", "/væk/atom.xml", "/væk/feed.json"}
    preview = load.site(config, "http://127.0.0.1:8000")
    assert preview.redirects == site.redirects


def test_a_post_needs_a_title_and_a_date_no_more(write: Write) -> None:
    assert only(write({X: "title: A\n"})) == Post(
        id="tag:e.example,2000:posts/2020-09-17-x",
        slug="x",
        title="A",
        link="https://e.example/posts/x/",
        elsewhere=False,
        path="/posts/x/",
        published=datetime(2020, 9, 16, 22, tzinfo=UTC),
        updated=None,
        draft=False,
        summary="",
        content="",
        tags=(),
        authors=(Person(name="T", slug="t"),),
        image=None,
        enclosure=None,
        language=None,
        source=X,
    )


def test_every_field_of_a_post(write: Write) -> None:
    config = write(
        {
            "config.yaml": CONFIG + "author: {name: Bo, email: bo@e.example}\n"
            "tags: {ydmyghed: {title: Om ydmyghed, description: D}, tom: }\n",
            "content/whatever.yaml": "title: |\n  To\n  linjer\ndate: 17-09-2020 10:37:00\n"
            "updated: 2020-09-18\ntags: ydmyghed\nsummary: S\nbody: B\n"
            "author: [Bo, {name: Åse, url: https://aa.example/}]\nlink: https://l.example/\n"
            "image: {url: /i.png, alt: A}\n"
            "enclosure: {url: /a.mp3, type: Audio/MPEG, length: 0}\nlanguage: en\ndraft: yes\n"
            "slug: valgt\nid: tag:x,2020:y\n",
        }
    )
    assert load.site(config).tags == {"ydmyghed": TagText(title="Om ydmyghed", description="D")}
    assert only(config) == Post(
        id="tag:x,2020:y",
        slug="valgt",
        title="To linjer",
        link="https://l.example/",
        elsewhere=True,
        path="/posts/valgt/",
        published=datetime(2020, 9, 17, 8, 37, tzinfo=UTC),
        updated=datetime(2020, 9, 17, 22, tzinfo=UTC),
        draft=True,
        summary="S",
        content="<p>B</p>",
        tags=(Tag(name="ydmyghed", slug="ydmyghed"),),
        authors=(
            Person(name="Bo", slug="bo", email="bo@e.example"),
            Person(name="Åse", slug="aase", url="https://aa.example/"),
        ),
        image=Image(url="https://e.example/i.png", alt="A"),
        enclosure=Enclosure(url="https://e.example/a.mp3", type="audio/mpeg", length=0),
        language="en",
        source="content/whatever.yaml",
    )


def test_what_yaml_would_change_stays_what_the_author_wrote(write: Write) -> None:
    post = only(write({X: "title: no\ntags: [no, 12:30, 2020-05-01, 1.10, 0x1F, null]\n"}))
    assert post.title == "no"
    assert [tag.name for tag in post.tags] == ["no", "12:30", "2020-05-01", "1.10", "0x1F", "null"]


def test_a_post_that_lives_elsewhere_has_a_page_only_for_its_body(write: Write) -> None:
    post = only(write({X: "title: A\nlink: https://x.example/a\n"}))
    assert (post.link, post.path) == ("https://x.example/a", None)
    post = only(write({X: "title: A\nlink: https://x.example/a/\nbody: '[b](b)'\n"}))
    assert (post.link, post.path) == ("https://x.example/a/", "/posts/x/")
    assert 'href="https://x.example/a/b"' in post.content


def test_markdown_with_front_matter(write: Write) -> None:
    text = "\ufeff---\r\ntitle: A\r\n---\r\nEt *to*.\r\n\r\n---\r\n\r\nTre\r\n"
    post = only(write({M: text}))
    assert post.content == "<p>Et <em>to</em>.</p>\n<hr>\n<p>Tre</p>"
    assert post.summary == "Et to. Tre"


@pytest.mark.parametrize(("word", "draft"), [("no", False), ("Off", False), ("TRUE", True)])
def test_yaml_has_many_words_for_yes_and_no(write: Write, word: str, draft: bool) -> None:
    assert only(write({X: f"title: A\ndraft: {word}\n"})).draft is draft


def test_a_summary_is_cut_from_the_body_at_a_words_end(write: Write) -> None:
    post = only(write({X: "title: A\nbody: " + "ordene " * 100 + "\n"}))
    assert re.fullmatch(r"(ordene )+ordene…", post.summary)
    assert 270 < len(post.summary) <= 280


def test_hidden_files_and_other_files_are_passed_over(write: Write) -> None:
    config = write(
        {
            X: "title: A\n",
            "content/.hidden/2020-01-01-x.yaml": "x",
            "content/.#2020-01-01-x.yaml": "x",
            "content/2020-01-01-x.yaml~": "x",
            "content/billede.jpg": b"\xff",
        }
    )
    assert only(config).title == "A"


def test_the_shipped_blog_and_the_fixture_site_are_without_fault() -> None:
    shipped = load.site(SHIPPED / "config.yaml")
    assert [post.published.isoformat() for post in shipped.posts] == [
        "2020-05-18T09:30:00+00:00",
        "2020-06-12T06:30:00+00:00",
        "2020-08-07T08:00:00+00:00",
        "2020-09-17T08:37:00+00:00",
    ]
    assert len(load.site(SITE / "config.yaml").posts) == 12
