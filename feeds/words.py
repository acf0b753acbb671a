"""The words that pages say around the author's own, by language."""

from collections.abc import Mapping

_WORDS: dict[str, dict[str | int, str]] = {
    "en": {
        "all_posts": "All posts",
        "elsewhere": "This post lives at",
        "follow": "Follow",
        "newest": "Newest posts",
        "none": "There are no posts yet.",
        "tags": "Tags",
        "authors": "Authors",
        "updated": "updated",
        404: "There is nothing at this address",
        410: "What stood here has been withdrawn",
        "moved": "This page has moved to",
        405: "This cannot be done here",
        "perhaps": "Did you mean one of these?",
    },
    "da": {
        "all_posts": "Alle indlæg",
        "elsewhere": "Indlægget findes på",
        "follow": "Følg med",
        "newest": "Nyeste indlæg",
        "none": "Der er endnu ingen indlæg.",
        "tags": "Emner",
        "authors": "Forfattere",
        "updated": "opdateret",
        404: "Der er ikke noget på denne adresse",
        410: "Det, der stod her, er trukket tilbage",
        "moved": "Siden er flyttet til",
        405: "Det kan man ikke her",
        "perhaps": "Mente du en af disse?",
    },
}


def of(language: str) -> Mapping[str | int, str]:
    """The words of a language (the first part of a BCP 47 tag); English where there are none."""
    return _WORDS.get(language.partition("-")[0].lower(), _WORDS["en"])
