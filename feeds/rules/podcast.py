"""Podcasts: what Apple asks for, and the podcast namespace."""

from collections.abc import Iterator
from typing import Any

from feeds.rules import declared
from feeds.rules.addresses import url
from feeds.rules.markup import plain
from feeds.rules.table import (
    filled,
    may,
    need,
    row,
    rows,
)
from feeds.rules.values import (
    choice,
    duration,
    email,
    integer,
    language,
    media_type,
    nonblank,
    number,
    text_of,
    true_false,
)
from feeds.rules.xml import Node

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
APPLE = "https://podcasters.apple.com/support/823-podcast-requirements"

# https://podcasters.apple.com/support/1691-apple-podcasts-categories
_CATEGORIES = {
    "Arts": "Books|Design|Fashion & Beauty|Food|Performing Arts|Visual Arts",
    "Business": "Careers|Entrepreneurship|Investing|Management|Marketing|Non-Profit",
    "Comedy": "Comedy Interviews|Improv|Stand-Up",
    "Education": "Courses|How To|Language Learning|Self-Improvement",
    "Fiction": "Comedy Fiction|Drama|Science Fiction",
    "Government": "",
    "History": "",
    "Health & Fitness": "Alternative Health|Fitness|Medicine|Mental Health|Nutrition|Sexuality",
    "Kids & Family": "Education for Kids|Parenting|Pets & Animals|Stories for Kids",
    "Leisure": "Animation & Manga|Automotive|Aviation|Crafts|Games|Hobbies|Home & Garden|"
    "Video Games",
    "Music": "Music Commentary|Music History|Music Interviews",
    "News": "Business News|Daily News|Entertainment News|News Commentary|Politics|Sports News|"
    "Tech News",
    "Religion & Spirituality": "Buddhism|Christianity|Hinduism|Islam|Judaism|Religion|Spirituality",
    "Science": "Astronomy|Chemistry|Earth Sciences|Life Sciences|Mathematics|Natural Sciences|"
    "Nature|Physics|Social Sciences",
    "Society & Culture": "Documentary|Personal Journals|Philosophy|Places & Travel|Relationships",
    "Sports": "Baseball|Basketball|Cricket|Fantasy Sports|Football|Golf|Hockey|Rugby|Running|"
    "Soccer|Swimming|Tennis|Volleyball|Wilderness|Wrestling",
    "Technology": "",
    "True Crime": "",
    "TV & Film": "After Shows|Film History|Film Interviews|Film Reviews|TV Reviews",
}
# What Apple had until 2019, and before 2005.
_OLD_CATEGORY_NAMES = """\
Animation| Architecture| Arts & Entertainment| Audio Blogs| Australian| Automotive| Aviation|
Belgian| Bicycles| Books| Brazilian| Business News| Canadian| Careers| Chinese| Classic| College
& High School| Commuting| Computers| Design| Developers| Diet & Nutrition| Dutch| Education
Technology| Entertainment| Family| Fashion & Beauty| Finance| Fitness| Fitness & Nutrition|
Food| French| Gadgets| Games| Games & Hobbies| Gay & Lesbian| German| Government &
Organizations| Health| Hebrew| Higher Education| Hobbies| Information Technology| International|
Italian| Japanese| K-12| Language Courses| Literature| Local| Management & Marketing| Medicine|
Movies & Television| National| New Age| News & Politics| Norwegian| Operating Systems| Other|
Other Games| Outdoor| Performing Arts| Philosophy| Photography| Podcasting| Poetry| Polish|
Politics| Portuguese| Professional| Public Radio| Regional| Relationships| Science & Medicine|
Science Fiction| Self-Help| Shopping| Smart Phones| Software How-To| Spanish| Sports &
Recreation| Swedish| Talk Radio| Tech News| Text/Speech| Training| Transportation| Travel|
Amateur"""
_OLD_CATEGORIES = frozenset(_OLD_CATEGORY_NAMES.replace("\n", " ").split("| "))


@declared("M120", "error", APPLE)
def unknown_itunes_category() -> None:
    """Apple has no category “{value}”.

    Directories file the podcast under nothing. The list is Apple's; case and signs count.
    """


@declared("M121", "warning", APPLE)
def retired_itunes_category() -> None:
    """Apple retired the category “{value}”.

    Directories file the podcast under nothing, or guess. The present list is Apple's.
    """


@declared("M122", "warning", APPLE)
def podcast_not_in_utf8() -> None:
    """A podcast feed should be in UTF-8, not {encoding}.

    Apple takes in UTF-8 only.
    """


@declared("M123", "warning", APPLE)
def itunes_element_missing() -> None:
    """A podcast's channel should have <{element}>.

    Apple and other directories refuse the podcast without it.
    """


def _itunes_category(node: Node) -> Iterator[Any]:
    value = node.get("text")
    parent = node.parent
    nested = parent is not None and parent.local == "category" and parent.space == node.space
    if not value.strip():
        return
    if nested and parent is not None:
        if value in _CATEGORIES.get(parent.get("text"), "").split("|"):
            return
    elif value in _CATEGORIES:
        return
    if (
        value in _OLD_CATEGORIES
        or value in _CATEGORIES
        or any(value in names.split("|") for names in _CATEGORIES.values())
    ):
        # Apple moved categories about; one at an old place is not an unknown word.
        yield retired_itunes_category, node, {"value": value}
    else:
        yield unknown_itunes_category, node, {"value": value}


_YES = choice("yes", "no", fold=True)
_EXPLICIT = choice("true", "false", "yes", "no", "clean", "explicit")
_ITUNES_TEXT = (
    row("author", "may", plain),
    row("block", "may", _YES, exact=True),
    row("explicit", "may", _EXPLICIT, exact=True),
    row("image", "may", attributes={"href": need(url)}),
    row("keywords", "may", plain, text_of(255)),
    row("subtitle", "may", plain, text_of(255)),
    row("summary", "may", plain, text_of(4000)),
    row("title", "may", plain),
)
ITUNES_CATEGORY = row(
    "category",
    "many",
    attributes={"text": need(filled)},
    children=rows(
        row("category", "many", attributes={"text": need(filled)}, check=_itunes_category)
    ),
    check=_itunes_category,
)
ITUNES_CHANNEL = rows(
    *_ITUNES_TEXT,
    ITUNES_CATEGORY,
    row("owner", children=rows(row("name", "may", nonblank), row("email", "may", email))),
    row("type", "may", choice("episodic", "serial", fold=True)),
    row("new-feed-url", "may", url),
    row("complete", "may", choice("yes", fold=True)),
    row("applepodcastsverify", "may", nonblank),
)
ITUNES_ITEM = rows(
    *_ITUNES_TEXT,
    row("duration", "may", duration),
    row("order", "may", integer()),
    row("season", "may", integer(1)),
    row("episode", "may", integer(1)),
    row("episodeType", "may", choice("full", "trailer", "bonus")),
    row("isClosedCaptioned", "may", nonblank),
)

_PERSON = row(
    "person",
    "many",
    nonblank,
    plain,
    attributes={"role": may(), "group": may(), "img": may(url), "href": may(url)},
)
_LOCATION = row(
    "location",
    "many",
    nonblank,
    attributes={"geo": may(), "osm": may(), "rel": may(), "country": may()},
)
_LICENSE = row("license", "may", nonblank, attributes={"url": may(url)})
_PODCAST_FREE = tuple(
    row(name, "many", free=True)
    for name in """
value images socialInteract txt remoteItem chat contentLink image
""".split()
)
PODCAST_CHANNEL = rows(
    row("locked", "may", choice("yes", "no"), attributes={"owner": may(email)}),
    row("funding", "many", plain, attributes={"url": need(url)}),
    row("guid", "may", nonblank),
    row("medium", "may", nonblank),
    row("trailer", "many", free=True),
    row("block", "many", choice("yes", "no"), attributes={"id": may()}),
    row("podroll", "may", free=True),
    row("publisher", "may", free=True),
    row("updateFrequency", "may", free=True),
    row("liveItem", "many", free=True),
    row("podping", "may", free=True),
    row("usesPodping", "may", true_false),
    _PERSON,
    _LOCATION,
    _LICENSE,
    *_PODCAST_FREE,
)
PODCAST_ITEM = rows(
    row(
        "transcript",
        "many",
        attributes={
            "url": need(url),
            "type": need(media_type),
            "language": may(language),
            "rel": may(),
        },
    ),
    row("chapters", "may", attributes={"url": need(url), "type": need(media_type)}),
    row(
        "soundbite",
        "many",
        attributes={"startTime": need(number(0)), "duration": need(number(0))},
    ),
    row("season", "may", integer(0), attributes={"name": may()}),
    row("episode", "may", number(0), attributes={"display": may()}),
    row("alternateEnclosure", "many", free=True),
    row("funding", "many", plain, attributes={"url": need(url)}),
    _PERSON,
    _LOCATION,
    _LICENSE,
    *_PODCAST_FREE,
)
