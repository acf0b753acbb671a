"""Media RSS: pictures, sound and film that come with an entry."""

import re
from collections.abc import Iterator
from typing import Any

from feeds.rules import Broken, declared
from feeds.rules.addresses import reference, url
from feeds.rules.markup import html, plain
from feeds.rules.table import (
    may,
    need,
    row,
    rows,
)
from feeds.rules.values import (
    choice,
    integer,
    language,
    media_type,
    nonblank,
    not_a_choice,
    npt_time,
    number,
    true_false,
)
from feeds.rules.xml import Node

MEDIA = "https://www.rssboard.org/media-rss"


@declared("M110", "error", MEDIA + "#media-group")
def group_of_one() -> None:
    """<media:group> has fewer than two <media:content>.

    A group is for several forms of one picture or film. A single one stands in the item itself.
    """


@declared("M111", "warning", MEDIA + "#media-adult")
def media_adult_used() -> None:
    """<media:adult> was replaced by <media:rating>.

    New software looks at the rating only.
    """


@declared("M112", "error", MEDIA + "#media-hash")
def bad_media_hash() -> None:
    """<media:hash> is not the {kind} of anything: {value}.

    Software compares it with what it downloaded, and throws that away.
    """


@declared("M113", "error", MEDIA + "#media-rating")
def bad_media_rating() -> None:
    """<media:rating> is not a rating of its scheme: {value}.

    Software that hides what children should not see takes it for unrated.
    """


_HASHES = {"md5": 32, "sha-1": 40}
_RATINGS = {
    "urn:simple": r"adult|nonadult",
    "urn:mpaa": r"(?i:g|m|pg|pg-13|r|nc-17|x|not rated|unrated)",
    "urn:v-chip": r"(?i:all|tv-(?:y7?|y7-fv|g|(?:pg|14|ma)(?:-[dlsv]+)?)|c8?|e|g|pg|ma|\d{1,2}\+)",
    "urn:icra": r"r \((?:[clnosv][a-z] [01](?: [clnosv][a-z] [01])*)?\)",
}
# The roles of Media RSS (EBU's list of 2002), and those that Yahoo added.
_ROLES = frozenset(
    """\
actor, adaptor, anchor person, animal trainer, animator, announcer, armourer, art director,
artist/performer, assistant camera operator, assistant chief lighting technician, assistant
director, assistant producer, assistant visual editor, author, broadcast assistant, broadcast
journalist, camera operator, carpenter, casting, causeur, choreographer, clapper loader,
commissioning broadcaster, company, composer, conductor, contributor, costume designer, co-
producer, correspondent, dancer, dialogue coach, director, director of photography, distribution
company, draughtsman, dresser, dubber, editor/producer, ensemble, executive producer, expert,
fight director, floor manager, focus puller, foley artist, foley editor, foley mixer, graphic
assistant, graphic designer, greensman, grip, hairdresser, illustrator, interview guest,
interviewer, key character, key grip, key talents, leadman, librettist, lighting director,
lighting technician, location manager, lyricist, make up artist, manufacturer, matte artist,
music arranger, music group, musician, news reader, orchestra, owner, participant, photographer,
post producer, producer, production assistant, production company, production department,
production manager, production secretary, programme production researcher, property manager,
publishing company, puppeteer, pyrotechnician, reporter, rigger, runner, scenario, scenic
operative, script supervisor, second assistant camera operator, second assistant director,
second unit director, set designer, set dresser, sign language, singer, sound designer, sound
mixer, sound recordist, special effects, stunts, subtitles, technical director, term,
translation, transportation manager, treatment/programme proposal, uploader, vision mixer,
visual editor, visual effects, wardrobe, witness""".replace("\n", " ").split(", ")
)


def _role(text: str) -> Broken:
    if text.strip().lower() in _ROLES:
        return ()
    return ((not_a_choice, {"choices": "a role of the EBU's list", "value": f"“{text}”"}),)


def _credit(node: Node) -> Iterator[Any]:
    # The roles are defined for the EBU's scheme alone, which is the default.
    if node.get("scheme", "urn:ebu") == "urn:ebu" and "role" in node.attributes:
        for broken, details in _role(node.get("role")):
            yield broken, node, {**details, "element": "media:credit role"}


def _media_hash(node: Node) -> Iterator[Any]:
    kind, value = node.get("algo", "md5"), node.text.strip()
    length = _HASHES.get(kind)
    if length is None or not re.fullmatch(rf"[0-9a-fA-F]{{{length}}}", value):
        yield bad_media_hash, node, {"kind": kind, "value": value}


def _rating(node: Node) -> Iterator[Any]:
    scheme, value = node.get("scheme", "urn:simple"), node.text.strip()
    pattern = _RATINGS.get(scheme.rstrip(":"))
    if pattern is None and not scheme.startswith("urn:"):
        for broken, details in url(scheme):
            yield broken, node, {**details, "element": "media:rating scheme"}
    if pattern and not re.fullmatch(pattern, value):
        yield bad_media_rating, node, {"value": value}


_ALL_OR_NONE = choice("all", "none")


def _restriction(node: Node) -> Iterator[Any]:
    kind, value = node.get("type"), node.text.strip()
    if not kind and value:
        for broken, details in _ALL_OR_NONE(value):
            yield broken, node, details
    for word in value.split():
        if kind == "uri":
            for broken, details in url(word):
                yield broken, node, details
                return
        elif kind == "country" and not re.fullmatch("[A-Za-z]{2}", word):
            yield not_a_choice, node, {"choices": "codes of countries", "value": f"“{word}”"}
            return


def _media_text(node: Node) -> Iterator[Any]:
    kind = node.get("type", "plain")
    text = node.text.strip()
    for broken, details in (html if kind == "html" else plain)(text) if text else ():
        yield broken, node, details


def _group(node: Node) -> Iterator[Any]:
    if node.whole and len(node.all("content")) < 2:
        yield group_of_one, node, {}


def _adult(node: Node) -> Iterator[Any]:
    yield media_adult_used, node, {}


_TEXT_TYPE = {"type": may(choice("plain", "html"))}
_SIZE = {"width": may(integer(1)), "height": may(integer(1))}
MEDIA_SHARED = (
    row("rating", "many", nonblank, attributes={"scheme": may()}, check=_rating),
    row("adult", "many", true_false, check=_adult),
    row("title", "may", nonblank, attributes=_TEXT_TYPE, check=_media_text),
    row("description", "may", attributes=_TEXT_TYPE, check=_media_text),
    row("keywords", "may", plain),
    row("thumbnail", "many", attributes={"url": need(url), **_SIZE, "time": may(npt_time)}),
    row(
        "category",
        "many",
        plain,
        attributes={"scheme": may(reference), "label": may(plain)},
    ),
    row("hash", "many", attributes={"algo": may()}, check=_media_hash),
    row("player", "may", attributes={"url": need(reference), **_SIZE}),
    row("credit", "many", nonblank, attributes={"role": may(), "scheme": may()}, check=_credit),
    row("copyright", "may", plain, attributes={"url": may(reference)}),
    row(
        "text",
        "many",
        attributes={
            "type": may(choice("plain", "html")),
            "lang": may(language),
            "start": may(npt_time),
            "end": may(npt_time),
        },
        check=_media_text,
    ),
    row(
        "restriction",
        "many",
        attributes={
            "relationship": need(choice("allow", "deny")),
            "type": may(choice("country", "uri", "sharing")),
        },
        check=_restriction,
    ),
    *(
        row(name, "many", free=True)
        for name in """
community comments embed responses backLinks status price license subTitle
peerLink location rights scenes
""".split()
    ),
)
MEDIA_CONTENT = row(
    "content",
    "many",
    attributes={
        "url": may(url),
        "fileSize": may(integer(1)),
        "type": may(media_type),
        "medium": may(choice("image", "audio", "video", "document", "executable")),
        "isDefault": may(true_false),
        "expression": may(choice("sample", "full", "nonstop")),
        "bitrate": may(number(0)),
        "framerate": may(number(0)),
        "samplingrate": may(number(0)),
        "channels": may(number(0)),
        "duration": may(number(0)),
        "height": may(integer(1)),
        "width": may(integer(1)),
        "lang": may(language),
    },
    children=rows(*MEDIA_SHARED),
    kind="media",
)
MEDIA_ITEM = rows(
    *MEDIA_SHARED,
    MEDIA_CONTENT,
    row("group", "many", children=rows(*MEDIA_SHARED, MEDIA_CONTENT), kind="media", check=_group),
)
