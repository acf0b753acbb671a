"""Which posts hold the words that somebody looks for: an index in memory, and the query's spelling.

Letters count and their dress does not: *Ledelse* finds *ledelse*, *idé* is *ide*, and *måske* is
*maaske*, since Danish letters are written both ways.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from feeds import markup
from feeds.model import Post

MAX_LENGTH = 100  # characters of a query that count
MAX_WORDS = 8
# Shorter words must occur as they are: half of all words begin with one of these.
MIN_BEGINNING = 3

# A word; of scripts that put no space between words, each character.
_ALONE = "\u3041-\u30fa\u3400-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")
# The same for ASCII, which most texts come down to; several times as fast.
_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
# No title that holds a query may look like markup; they are in no word anyway.
_PARTING = str.maketrans("<>&", "   ")


def canonical(query: str) -> str:
    """A query as it is spelled in addresses and titles: the same words, and nothing that harms."""
    # Cut first: to normalize a long text can take very long.
    text = unicodedata.normalize("NFC", " ".join(query.split())[:MAX_LENGTH]).translate(_PARTING)
    text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split()[:MAX_WORDS])[:MAX_LENGTH].rstrip()


def words(text: str) -> list[str]:
    """The words of *text*, without case and accents; æ, ø and å as ae, oe and aa."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).casefold()
        text = text.replace("a\u030a", "aa").replace("æ", "ae").replace("ø", "oe")
    if not text.isascii():
        for character in set(text):
            if unicodedata.category(character).startswith("M"):
                text = text.replace(character, "")
        return _WORD.findall(text)
    return text.translate(_ASCII).split()


class Index:
    """The words of *posts* (newest first), and where each occurs.

    The words are sorted, and the numbers of the posts that hold them lie in one array in the same
    order; so all words with the same beginning are one slice of it.
    """

    def __init__(self, posts: Sequence[Post]) -> None:
        self._posts = posts
        holders: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for number, post in enumerate(posts):
            names = (tag.name for tag in post.tags)
            text = "\n".join((post.title, post.summary, *names, markup.text(post.content)))
            for word in set(words(text)):
                holders[word].append(number)
        self._words = sorted(holders)
        self._starts = array("I", [0])
        self._holders = array("I")
        for word in self._words:
            self._holders.extend(holders.pop(word))
            self._starts.append(len(self._holders))

    def find(self, query: str) -> list[Post]:
        """The posts in which every word of *query* occurs, or begins a word; newest first."""
        parts = [self._having(word) for word in dict.fromkeys(words(query))]
        if not parts:
            return []
        parts.sort(key=len)
        found = set(parts[0])
        for part in parts[1:]:
            found.intersection_update(part)
        return [self._posts[number] for number in sorted(found)]

    def _having(self, word: str) -> Sequence[int]:
        """The numbers of the posts that hold *word*, some of them several times."""
        end = word + "\U0010ffff" if len(word) >= MIN_BEGINNING else word + "\0"
        first, last = bisect_left(self._words, word), bisect_left(self._words, end)
        return self._holders[self._starts[first] : self._starts[last]]
