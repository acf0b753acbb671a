"""Types of values: each reads a text and says which rules it breaks.

A type is a function from the text to ``(rule, details)`` pairs, none if the text is fine. It says
nothing of where the text stood: who asks adds ``element``, the name that messages call it by.
"""

import binascii
import codecs
import re
from functools import lru_cache
from urllib.parse import unquote

from feeds.rules import Broken, Type, declared
from feeds.rules.dates import without_comments

BCP47 = "https://www.rfc-editor.org/rfc/rfc5646#section-2.1"
RFC6838 = "https://www.rfc-editor.org/rfc/rfc6838#section-4.2"
RFC5322 = "https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1"
RSS_EMAIL = "https://www.rssboard.org/rss-profile#data-types-email"
PROFILE = "https://www.rssboard.org/rss-profile"
GEORSS = "https://docs.ogc.org/cs/17-002r1/17-002r1.html"

# -- Names from registries -----------------------------------------------------------------------


@declared("V120", "error", BCP47)
def bad_language() -> None:
    """<{element}> is not the tag of a language: {value}.

    Readers choose voice, hyphenation and translation by it. A tag is a code of two or three letters
    and, where it matters, a region: ``da``, ``en-GB``, with a hyphen.
    """


@declared("V121", "error", RFC6838)
def bad_media_type() -> None:
    """<{element}> is not a media type: {value}.

    Readers choose how to play or show a file by its type. Write it like ``audio/mpeg`` or
    ``image/png``.
    """


@declared("V122", "error", "https://www.iana.org/assignments/character-sets")
def bad_encoding_name() -> None:
    """<{element}> is not the name of a character encoding: {value}.

    Write ``UTF-8``.
    """


_LANGUAGE = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*+(?:-[a-wyz\d](?:-[a-z\d]{2,8})++)*+"
    r"(?:-x(?:-[a-z\d]{1,8})++)?|x(?:-[a-z\d]{1,8})++|i-[a-z]+",
    re.IGNORECASE | re.ASCII,
)
_MEDIA_TYPE = re.compile(
    r"[a-z\d][\w!#$&^.+-]*/[a-z\d][\w!#$&^.+-]*"
    r"(?:\s*;\s*[\w!#$&^.+-]+=(?:[^\s;\"]++|\"[^\"]*+\"))*+\s*;?",
    re.IGNORECASE | re.ASCII,
)


@lru_cache(maxsize=256)
def language(text: str) -> Broken:
    """A tag of BCP 47. Its form is checked, and that a primary tag of two letters is registered."""
    tag = text.strip()
    if _LANGUAGE.fullmatch(tag):
        primary = tag.partition("-")[0].lower()
        if len(primary) != 2 or primary in _ISO639:
            return ()
    return ((bad_language, {"value": text}),)


@lru_cache(maxsize=256)
def media_type(text: str) -> Broken:
    """A media type, parameters allowed."""
    return () if _MEDIA_TYPE.fullmatch(text) else ((bad_media_type, {"value": text}),)


def encoding(text: str) -> Broken:
    """A name that IANA has for a character encoding."""
    try:
        codecs.lookup(text)
    except (LookupError, ValueError, UnicodeError):
        return ((bad_encoding_name, {"value": text}),)
    return ()


_TWO_LETTERS = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv
cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr
ht hu hy hz ia id ie ig ii ik in io is it iu iw ja ji jv jw ka kg ki kj kk kl km kn ko kr
ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng
nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk
sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve
vi vo wa wo xh yi yo za zh zu
"""
_ISO639 = frozenset(_TWO_LETTERS.split())

# -- People --------------------------------------------------------------------------------------


@declared("V125", "error", RFC5322)
def bad_email() -> None:
    """<{element}> is not an e-mail address: {value}.

    The element is for the bare address, ``name@example.org``; a name stands in an element of its
    own.
    """


@declared("V126", "error", RSS_EMAIL)
def no_email() -> None:
    """<{element}> holds no e-mail address: {value}.

    RSS 2.0 wants an e-mail address here, and readers disagree on what to show without one. To name
    somebody without an address use <dc:creator>.
    """


@declared("V127", "warning", RSS_EMAIL)
def email_without_name() -> None:
    """<{element}> gives an e-mail address without a name: {value}.

    Readers show it as the author. Write ``jane@example.org (Jane Doe)``, or use <dc:creator>.
    """


@declared("V128", "warning", RSS_EMAIL)
def odd_email_form() -> None:
    """<{element}> is not in the form “address (Name)”: {value}.

    Readers take name and address apart by that form. Write ``jane@example.org (Jane Doe)``.
    """


_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_EMAIL = re.compile(
    rf"(?:{_ATOM}(?:\.{_ATOM})*+|\"(?:[^\"\\\r\n]++|\\.)++\")@"
    r"(?:[A-Za-z0-9\u0080-\U0010ffff](?:[A-Za-z0-9.\u0080-\U0010ffff-]*[A-Za-z0-9\u0080-\U0010ffff])?"
    r"|\[[0-9A-Fa-f:.]+\])"
)
# From the beginning of a word on, or a text of one letter would take for ever.
_SOME_EMAIL = re.compile(r"(?<![^\s<>()@,;])[^\s<>()@,;]++@[^\s<>()@,;]+\.[^\s<>()@,;]+")
_CONTACT = re.compile(r"(?P<email>[^\s()<>]+)\s+\((?P<name>.*)\)", re.DOTALL)


def email(text: str) -> Broken:
    """A bare e-mail address (RFC 5322, addr-spec; RFC 6531 for letters beyond ASCII)."""
    return () if _EMAIL.fullmatch(text.strip()) else ((bad_email, {"value": text}),)


def contact(text: str) -> Broken:
    """An e-mail address with a name, as RSS 2.0 has it: ``jane@example.org (Jane Doe)``."""
    value = text.strip()
    if value.lower().startswith("mailto:"):
        value = unquote(value[7:])
    if _EMAIL.fullmatch(value):
        return ((email_without_name, {"value": text}),)
    match = _CONTACT.fullmatch(value)
    if match and _EMAIL.fullmatch(match["email"]):
        return () if match["name"].strip() else ((email_without_name, {"value": text}),)
    # What stands in parentheses is a comment (RFC 5322), not the address.
    found = _SOME_EMAIL.search(without_comments(value))
    if found and _EMAIL.fullmatch(found[0]):
        return ((odd_email_form, {"value": text}),)
    return ((no_email, {"value": text}),)


# -- Numbers and choices -------------------------------------------------------------------------


@declared("V130", "error", PROFILE)
def not_an_integer() -> None:
    """<{element}> must be {integer}, not {value}.

    Readers compute with it. Write digits alone, without unit, point or separator.
    """


@declared("V131", "error", PROFILE)
def not_a_number() -> None:
    """<{element}> must be {number}, not {value}.

    Readers compute with it. Write digits, with a point where it is needed.
    """


@declared("V132", "error", "https://www.rssboard.org/rss-profile")
def not_a_choice() -> None:
    """<{element}> must be {choices}, not {value}.

    Readers know these values and ignore the element for any other, or the whole entry. Most
    specifications want them letter by letter, without white space.
    """


def integer(least: int | None = None, most: int | None = None) -> Type:
    """The type of whole numbers from *least* to *most*, both allowed."""

    def check(text: str) -> Broken:
        if re.fullmatch(r"[+-]?[0-9]{1,18}", text.strip()):
            number = int(text)
            if (least is None or number >= least) and (most is None or number <= most):
                return ()
        return (
            (
                not_an_integer,
                {"integer": "a whole number" + _range(least, most), "value": _quoted(text)},
            ),
        )

    return check


def number(least: float | None = None, most: float | None = None) -> Type:
    """The type of numbers from *least* to *most*, both allowed."""

    def check(text: str) -> Broken:
        if re.fullmatch(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})", text.strip()):
            value = float(text)
            if (least is None or value >= least) and (most is None or value <= most):
                return ()
        return (
            (not_a_number, {"number": "a number" + _range(least, most), "value": _quoted(text)}),
        )

    return check


def choice(*choices: str, fold: bool = False) -> Type:
    """The type of these values alone; *fold* lets capitals pass."""
    said = choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"

    def check(text: str) -> Broken:
        if (text.strip().lower() if fold else text) in choices:
            return ()
        return ((not_a_choice, {"choices": said, "value": _quoted(text)}),)

    return check


def _range(least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return f" from {least} to {most}"
    if least is not None:
        return f" of at least {least}"
    return "" if most is None else f" of at most {most}"


def _quoted(text: str) -> str:
    return f"“{text.strip()}”" if text.strip() else "nothing"


true_false = choice("true", "false")

# -- Other forms ---------------------------------------------------------------------------------


@declared(
    "V140", "error", "https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md"
)
def too_long() -> None:
    """<{element}> has {length} characters; {most} are allowed.

    What is longer is cut off, or the whole element ignored.
    """


@declared("V141", "error", "https://help.apple.com/itc/podcasts_connect/#/itcb54353390")
def bad_duration() -> None:
    """<{element}> is not a length of time: {value}.

    Write seconds, or ``MM:SS``, or ``HH:MM:SS``.
    """


@declared("V142", "error", "https://www.rfc-editor.org/rfc/rfc2326#section-3.6")
def bad_npt_time() -> None:
    """<{element}> is not a normal play time: {value}.

    Write seconds, ``HH:MM:SS`` with decimals where needed, or ``now``.
    """


@declared("V143", "error", "https://www.rfc-editor.org/rfc/rfc4287#section-4.1.3.3")
def not_base64() -> None:
    """<{element}> is not Base64, as its type asks.

    Content of a type that is neither text nor XML is encoded in Base64 (RFC 4287, 4.1.3.3, rule
    6). If it is text, its type is ``text``, ``html`` or ``xhtml``.
    """


@declared("V144", "error", GEORSS)
def bad_coordinates() -> None:
    """<{element}> is not {wanted}: {value}.

    GeoRSS writes latitude before longitude, in degrees, with white space between the numbers.
    """


@declared("V145", "warning", GEORSS)
def coordinates_with_commas() -> None:
    """<{element}> separates coordinates by commas: {value}.

    GeoRSS separates them by white space; readers that split there find no place on the map.
    """


@declared("V146", "error", "https://web.resource.org/rss/1.0/modules/slash/")
def not_integers() -> None:
    """<{element}> is not a list of whole numbers with commas between: {value}.

    Write it like ``177,155,105,33,6,3,0``.
    """


@declared("V147", "error", "https://www.rssboard.org/rss-profile#element-channel-textinput-name")
def bad_form_name() -> None:
    """<{element}> cannot be the name of a field in a form: {value}.

    It begins with a letter, and letters, digits and ``-_:.`` follow.
    """


@declared("V148", "warning", "https://www.rssboard.org/rss-profile")
def empty_element() -> None:
    """<{element}> is empty.

    Readers show the empty text, or a word of their own such as “untitled”. Leave the element out,
    or fill it.
    """


def text_of(most: int) -> Type:
    """The type of texts of at most so many characters."""

    def check(text: str) -> Broken:
        length = len(text.strip())
        return ((too_long, {"length": length, "most": most}),) if length > most else ()

    return check


def nonblank(text: str) -> Broken:
    """Any text that is not empty."""
    return () if text.strip() else ((empty_element, {}),)


def duration(text: str) -> Broken:
    """Seconds, ``MM:SS`` or ``HH:MM:SS``."""
    if re.fullmatch(r"\d+(?:\.\d+)?|(?:\d+:)?[0-5]?\d:[0-5]\d", text.strip(), re.ASCII):
        return ()
    return ((bad_duration, {"value": text}),)


def npt_time(text: str) -> Broken:
    """A normal play time (RFC 2326, section 3.6)."""
    if re.fullmatch(r"now|\d+(?:\.\d*)?|\d+:[0-5]\d:[0-5]\d(?:\.\d*)?", text.strip(), re.ASCII):
        return ()
    return ((bad_npt_time, {"value": text}),)


def base64(text: str) -> Broken:
    """Base64 of something, white space allowed."""
    try:
        binascii.a2b_base64("".join(text.split()).encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        return ((not_base64, {}),)
    return ()


_LATITUDE, _LONGITUDE = number(-90, 90), number(-180, 180)


def points(least: int, most: int | None = None) -> Type:
    """The type of GeoRSS coordinates: from *least* to *most* pairs of latitude and longitude."""
    more = "" if most else " or more"
    wanted = f"{least}{more} pairs of latitude and longitude"
    if most == 1:
        wanted = "one latitude and longitude"

    def check(text: str) -> Broken:
        if "," in text:
            return ((coordinates_with_commas, {"value": text}),)
        numbers = text.split()
        fault: Broken = ((bad_coordinates, {"wanted": wanted, "value": text}),)
        if len(numbers) % 2 or len(numbers) < 2 * least or (most and len(numbers) > 2 * most):
            return fault
        outside = any(map(_LATITUDE, numbers[::2])) or any(map(_LONGITUDE, numbers[1::2]))
        return fault if outside else ()

    return check


def integers(text: str) -> Broken:
    """Whole numbers with commas between."""
    if re.fullmatch(r"\s*[+-]?\d++\s*(?:,\s*[+-]?\d++\s*)*+", text, re.ASCII):
        return ()
    return ((not_integers, {"value": text}),)


def form_name(text: str) -> Broken:
    """The name of a field in a form (HTML 4.01, ``NAME``)."""
    if re.fullmatch(r"[A-Za-z][\w:.-]*", text.strip(), re.ASCII):
        return ()
    return ((bad_form_name, {"value": text}),)
