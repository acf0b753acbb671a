import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.slugs import slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tværgående samarbejde", "tvaergaaende-samarbejde"),
        ("Ø-drift", "oe-drift"),
        ("ÆØÅ æøå", "aeoeaa-aeoeaa"),
        ("Über naïve café", "uber-naive-cafe"),
        ("Лидерство", "liderstvo"),
        ("日本語", "ribenyu"),
        ("don't – “quote”", "dont-quote"),
        ("C++ & R&D", "c-r-d"),
        ("  --a--  ", "a"),
        ("!!!", ""),
        ("", ""),
    ],
)
def test_slug(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_composed_and_decomposed_letters_give_the_same_address() -> None:
    assert slug(unicodedata.normalize("NFD", "Blå")) == slug("Blå") == "blaa"


@given(st.text())
def test_a_slug_is_its_own_slug_and_stands_in_an_address_as_it_is(text: str) -> None:
    made = slug(text)
    assert slug(made) == made
    assert not set(made) - set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert made.strip("-") == made
