"""Text to the ASCII word that stands for it in an address."""

import re
import unicodedata

from anyascii import anyascii

# The Danish and Norwegian convention; anyascii alone gives "o" and "a", which are other words.
_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})
_GAP = re.compile(r"[^a-z0-9]+")
# Apostrophes join ("don't" is one word); everything else that is no letter or digit parts.
_JOINED = re.compile("['’ʼ`´]")


def slug(text: str) -> str:
    """Lower-case ASCII letters, digits and single hyphens; empty if nothing of *text* can be said.

    ``Tværgående samarbejde`` gives ``tvaergaaende-samarbejde``, ``Ø-drift`` gives ``oe-drift``,
    ``Лидерство`` gives ``liderstvo``. The same whether the letters are composed or not.
    """
    text = unicodedata.normalize("NFC", text).translate(_DANISH)
    ascii_text = anyascii(_JOINED.sub("", text)).lower()
    return _GAP.sub("-", ascii_text).strip("-")
