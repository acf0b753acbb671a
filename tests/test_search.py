"""What a search finds, and how a query is spelled."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeds import search
from feeds.model import Person, Post, Tag

START = datetime(2020, 1, 1, tzinfo=UTC)


def post(number: int, title: str, content: str = "", summary: str = "", tag: str = "emne") -> Post:
    return Post(
        id=f"tag:e.example,2020:posts/{number}",
        slug=str(number),
        title=title,
        link=f"https://e.example/posts/{number}/",
        elsewhere=False,
        path=f"/posts/{number}/",
        published=START - timedelta(days=number),
        updated=None,
        draft=False,
        summary=summary,
        content=content,
        tags=(Tag(name=tag, slug="emne"),),
        authors=(Person(name="A", slug="a"),),
        image=None,
        enclosure=None,
        language=None,
        source=f"content/{number}.yaml",
    )


def found(query: str, *titles: str) -> list[str]:
    index = search.Index([post(number, title) for number, title in enumerate(titles)])
    return [post.title for post in index.find(query)]


@pytest.mark.parametrize("query", ["rødgrød", "RØDGRØD", "roedgroed", "rødgrø"])
@pytest.mark.parametrize("title", ["Rødgrød med fløde", "Roedgroed", "RØDGRØD!"])
def test_danish_letters_are_found_as_typed_and_spelled_out(query: str, title: str) -> None:
    assert found(query, title) == [title]
    assert found(query, "Rodgrod", "Rödgröd") == []


@pytest.mark.parametrize(
    ("query", "title"),
    [
        *(("måske", "Ma\u030aske"), ("maaske", "Måske"), ("Århus", "AARHUS"), ("æ", "Æ, ø og å")),
        *(("ide", "En idé"), ("idé", "En ide"), ("ANDRÉ", "andre\u0301"), ("ǿl", "øl")),
        *(("strasse", "Straße"), ("istanbul", "İstanbul"), ("σας", "ΣΑΣ"), ("fin", "ﬁn")),
        *(("2020", "I 2020"), ("e-mail", "Min e-mail"), ("R&D", "Om R&D"), ("“citat”", "citat")),
        *(("日本", "旅行は日本語で"), ("שלום", "שָׁלוֹם"), ("ябло", "Яблоко"), ("हिन्दी", "हिन्दी")),
    ],
)
def test_case_accents_and_ways_to_write_do_not_matter(query: str, title: str) -> None:
    assert found(query, title, "noget andet") == [title]


def test_every_word_must_occur_or_begin_a_word() -> None:
    titles = ("Ledelse og tillid", "Lederen", "Tillid", "Uledsaget")
    assert found("led", *titles) == ["Ledelse og tillid", "Lederen"]
    assert found("tillid led", *titles) == ["Ledelse og tillid"]
    assert found("tillid ledning", *titles) == []
    assert found("tillid tillid", *titles) == ["Ledelse og tillid", "Tillid"]
    # Short ones only as they are, or half of all would be found.
    assert found("le", *titles) == []
    assert found("og", *titles) == ["Ledelse og tillid"]


def test_title_summary_tags_and_text_are_looked_through() -> None:
    posts = [
        post(1, "Titel", "<p>Det <b>står</b> i<br>teksten: f<i>æ</i>lles</p><p>her</p>"),
        post(2, "Anden", summary="Et resumé", tag="Tværgående samarbejde"),
    ]
    index = search.Index(posts)
    for query in ("titel", "teksten", "fælles her", "står titel", "i"):
        assert index.find(query) == [posts[0]], query
    for query in ("resume", "samarbejde", "anden tværgående"):
        assert index.find(query) == [posts[1]], query
    assert index.find("p") == index.find("br") == []


def test_the_newest_come_first() -> None:
    posts = [post(number, f"Indlæg {number}") for number in range(40)]
    assert search.Index(posts).find("indlæg") == posts


def test_an_empty_blog_holds_nothing() -> None:
    assert search.Index([]).find("noget") == []


@pytest.mark.parametrize("query", ["", " ", "!!!", "–", "…", "<>&", "\0", "_", "\u0301"])
def test_signs_alone_find_nothing(query: str) -> None:
    assert found(query, "Titel") == []


@pytest.mark.parametrize(
    ("query", "spelled"),
    [
        ("  To \t ord\n", "To ord"),
        ("ledelse\0ydmyghed", "ledelse ydmyghed"),
        ("a\u202eb\u200bc\ufffed\ud800e", "a b c d e"),
        ("ma\u030aske", "måske"),
        ("<b>fed</b> & &lt;", "b fed /b lt;"),
        ("x" * 200, "x" * 100),
        (" ".join("abcdefghij"), "a b c d e f g h"),
        ("x" * 99 + " y", "x" * 99),
    ],
)
def test_a_query_has_one_spelling(query: str, spelled: str) -> None:
    assert search.canonical(query) == spelled


@given(st.text(st.characters(), max_size=150))
@example("x" * 98 + " \u0958")
@example("\ufb2c" * 100)  # Three characters each, when normalized.
@example("<\u0338")
def test_the_spelling_of_a_spelling_is_itself(query: str) -> None:
    spelled = search.canonical(query)
    assert search.canonical(spelled) == spelled
    assert len(spelled) <= search.MAX_LENGTH
    assert len(spelled.split()) <= search.MAX_WORDS
    assert not set(spelled) & set("<>&")
    assert unicodedata.is_normalized("NFC", spelled)
    assert spelled.isprintable()


@given(st.text(st.characters(), max_size=150), st.text(st.characters(), max_size=150))
def test_no_query_and_no_text_is_too_much(query: str, title: str) -> None:
    assert found(query, title) in ([], [title])
    if search.words(query):
        assert found(query, query) == [query]


@given(st.text(), st.text())
def test_a_word_is_the_same_wherever_it_stands(one: str, other: str) -> None:
    assert search.words(f"{one}\n{other}") == search.words(one) + search.words(other)
    for word in search.words(one):
        assert search.words(word) == [word]


def test_a_query_that_is_long_before_it_is_normalized_costs_nothing() -> None:
    assert len(search.canonical("\u0301\u0327" * 1_000_000)) == 100
