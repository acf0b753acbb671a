"""Score the validator on the W3C feed validator's own cases.

    python benchmarks/w3c.py FOLDER [--floor benchmarks/w3c.json] [--misses]

FOLDER holds ``manifest.jsonl``, ``classes.json`` and ``cases/``. Each case is one document and what
that validator says of it. Printed are, by family and tier: valid documents kept valid, cases of an
error found, found alone, cases of a warning found, and whether it was the right line. With
``--floor`` the score is compared with the file, and must not be lower; ``--raise`` writes it.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from feeds.rules import Fault, document, xml

# What the W3C's classes are called here. Several of theirs are one of ours where only the element
# differs; several of ours are one of theirs where we say more exactly what is wrong.
SAME: dict[str, str] = {
    "ArchiveIncomplete": "archive-without-neighbours",
    "AtomLinkNotEmpty": "link-not-empty",
    "AttrNotBlank": "empty-attribute",
    "AvoidNamespacePrefix": "prefix-on-main-vocabulary",
    "AvoidTextInput": "text-input-used",
    "BadCharacters": "garbled-characters",
    "CharacterData": "ambiguous-characters markup-in-plain-text",
    "CommentRSS": "wrong-case-of-comment-rss",
    "ContainsEmail": "email-in-name",
    "ContainsHTML": "markup-in-plain-text",
    "ContainsRelRef": "relative-link-in-content address-not-absolute",
    "ContainsSystemEntity": "external-entity",
    "ContainsUndeclaredHTML": "markup-in-plain-text",
    "CoordComma": "coordinates-with-commas",
    "CurrentNotSelfInCompleteFeed": "current-is-elsewhere",
    "DangerousStyleAttr": "dangerous-style office-style",
    "DeprecatedDTD": "obsolete-dtd",
    "DeprecatedMediaAdult": "media-adult-used",
    "DuplicateAtomLink": "duplicate-alternate",
    "DuplicateDescriptionSemantics": "second-description",
    "DuplicateElement": "repeated-element",
    "DuplicateEnclosure": "several-enclosures",
    "DuplicateEntries": "duplicate-entry",
    "DuplicateItemSemantics": "said-twice-in-item",
    "DuplicateSemantics": "said-twice",
    "DuplicateUpdated": "same-moment",
    "DuplicateValue": "duplicate-guid repeated-value",
    "EightDaysAWeek": "repeated-value",
    "EmailFormat": "odd-email-form",
    "FeedHistoryRelInEntry": "paging-link-in-entry",
    "FeedRelInCompleteFeed": "paging-in-complete-feed",
    "HtmlFragment": "page-in-content",
    "ImageLinkDoesntMatch": "image-link-differs",
    "ImageTitleDoesntMatch": "image-title-differs",
    "ImplausibleDate": "implausible-date",
    "IncorrectDOW": "wrong-weekday",
    "InvalidAccessRestrictionRel": "not-a-choice",
    "InvalidAddrSpec": "bad-email",
    "InvalidBooleanAttribute": "not-a-choice",
    "InvalidCommaSeparatedIntegers": "not-integers",
    "InvalidContact": "no-email bad-email",
    "InvalidCoord": "bad-coordinates",
    "InvalidCoordList": "bad-coordinates",
    "InvalidCountryCode": "not-a-choice",
    "InvalidCreditRole": "not-a-choice",
    "InvalidDay": "not-a-choice",
    "InvalidDuration": "bad-duration",
    "InvalidEncoding": "bad-encoding-name unknown-encoding",
    "InvalidFloat": "not-a-number",
    "InvalidFormComponentName": "bad-form-name",
    "InvalidFullLink": "address-not-absolute bad-address bad-address-character",
    "InvalidHeight": "not-an-integer",
    "InvalidHour": "not-an-integer",
    "InvalidHttpGUID": "guid-not-an-address",
    "InvalidIRI": "bad-address bad-address-character",
    "InvalidISO8601Date": "bad-w3c-date",
    "InvalidInteger": "not-an-integer",
    "InvalidIntegerAttribute": "not-an-integer",
    "InvalidItunesCategory": "unknown-itunes-category",
    "InvalidItunesEpisodeType": "not-a-choice",
    "InvalidLanguage": "bad-language",
    "InvalidLatitude": "not-a-number",
    "InvalidLink": "bad-address bad-address-character address-not-absolute",
    "InvalidLocalParameter": "unknown-parameter",
    "InvalidLocalRole": "not-a-choice",
    "InvalidLongitude": "not-a-number",
    "InvalidMIMEAttribute": "bad-media-type",
    "InvalidMIMEType": "bad-media-type bad-content-type bad-text-type content-beside-source",
    "InvalidMediaExpression": "not-a-choice",
    "InvalidMediaHash": "bad-media-hash",
    "InvalidMediaMedium": "not-a-choice",
    "InvalidMediaRating": "bad-media-rating",
    "InvalidMediaRestriction": "not-a-choice",
    "InvalidMediaRestrictionRel": "not-a-choice",
    "InvalidMediaRestrictionType": "not-a-choice",
    "InvalidMediaTextType": "not-a-choice",
    "InvalidMetaContent": "not-a-choice",
    "InvalidMetaName": "not-a-choice",
    "InvalidNPTTime": "bad-npt-time",
    "InvalidNamespace": "obsolete-format wrong-namespace bad-namespace missing-namespace",
    "InvalidNonNegativeInteger": "not-an-integer",
    "InvalidOutlineType": "unknown-outline-type",
    "InvalidOutlineVersion": "unknown-outline-version",
    "InvalidPercentage": "not-a-number",
    "InvalidPermalink": "not-a-choice guid-not-an-address",
    "InvalidPositiveInteger": "not-an-integer",
    "InvalidRFC2822Date": "bad-rfc822-date wrong-weekday",
    "InvalidRFC3339Date": "bad-rfc3339-date space-around-value",
    "InvalidRSSVersion": "unknown-version",
    "InvalidSyndicationRight": "not-a-choice",
    "InvalidTAG": "bad-tag-uri bad-namespace",
    "InvalidTextType": "bad-text-type",
    "InvalidTrueFalse": "not-a-choice space-around-value",
    "InvalidURIAttribute": "bad-address bad-address-character address-not-absolute",
    "InvalidURLAttribute": "bad-address bad-address-character address-not-absolute",
    "InvalidURN": "bad-urn bad-uuid",
    "InvalidUUID": "bad-uuid",
    "InvalidUpdatePeriod": "not-a-choice",
    "InvalidUriChar": "bad-address-character bad-address",
    "InvalidW3CDTFDate": "bad-w3c-date",
    "InvalidWidth": "not-an-integer",
    "InvalidYesNo": "not-a-choice",
    "InvalidYesNoClean": "not-a-choice space-around-value",
    "ItemMustContainTitleOrDescription": "item-without-title-or-description",
    "LinkPastEnd": "link-past-the-end",
    "MediaGroupWithoutAlternatives": "group-of-one",
    "MisplacedItem": "metadata-after-entries",
    "MisplacedMetadata": "metadata-after-entries",
    "MissingAtomSelfLink": "channel-without-self-link",
    "MissingAttribute": "missing-attribute",
    "MissingContentOrAlternate": "neither-content-nor-link",
    "MissingCurrentInArchive": "archive-without-current",
    "MissingDescription": "missing-element",
    "MissingElement": "missing-element",
    "MissingGuid": "item-without-guid",
    "MissingHref": "missing-attribute",
    "MissingItunesElement": "itunes-element-missing",
    "MissingItunesEmail": "missing-element",
    "MissingLink": "missing-element",
    "MissingNamespace": "missing-namespace undeclared-prefix xhtml-without-namespace",
    "MissingRealName": "email-without-name",
    "MissingSelf": "feed-without-self-link",
    "MissingSourceElement": "source-element-missing",
    "MissingSummary": "content-without-summary",
    "MissingTitle": "missing-element",
    "MissingTitleAttr": "outline-without-title",
    "MissingTypeAttr": "source-without-type",
    "MissingXhtmlDiv": "xhtml-without-div",
    "MissingXmlURL": "outline-without-address",
    "NeedDescriptionBeforeContent": "content-before-description",
    "NoThrWhen": "when-instead-of-updated",
    "NonCanonicalURI": "id-not-canonical",
    "NonstdEncoding": "encoding-not-utf-8",
    "NotBase64": "not-base64 content-does-not-fit-type",
    "NotBlank": "empty-element empty-attribute",
    "NotEscaped": "markup-not-escaped",
    "NotHtml": "ill-formed-html unknown-html-element xhtml-without-namespace",
    "NotInANamespace": "not-in-a-namespace unknown-element",
    "NotInline": "escaped-markup-in-xhtml",
    "NotURLEncoded": "bad-address-character",
    "NotUTF8": "podcast-not-in-utf8",
    "ObsoleteItunesCategory": "retired-itunes-category",
    "ObsoleteNamespace": "obsolete-format",
    "ObsoleteVersion": "unknown-version",
    "ProblematicalRFC822Date": "odd-rfc822-date",
    "RelativeSelf": "relative-self-link",
    "ReservedPrefix": "prefix-of-another-namespace",
    "SAXError": "bad-namespace ill-formed-xml undefined-entity undeclared-prefix nested-too-deeply",
    "SecurityRisk": "dangerous-element dangerous-attribute dangerous-style script-in-link",
    "SecurityRiskAttr": "dangerous-attribute dangerous-style",
    "SelfDoesntMatchLocation": "self-link-elsewhere",
    "SelfNotAtom": "self-link-of-another-type",
    "ShouldIncludeExample": "no-example-query",
    "SlashDate": "comments-without-build-date",
    "TooLong": "too-long",
    "UndeterminableVocabulary": "not-in-a-namespace",
    "UndefinedElement": "unknown-element not-a-feed markup-not-escaped content-beside-source "
    "content-does-not-fit-type",
    "UndefinedNamedEntity": "undefined-entity",
    "UnexpectedAttribute": "unknown-attribute",
    "UnexpectedText": "text-between-elements",
    "UnexpectedWhitespace": "space-around-value",
    "UnicodeError": "wrong-encoding unknown-encoding",
    "UnknownHost": "",
    "UnregisteredAtomLinkRel": "unregistered-relation",
    "UseZeroForMidnight": "hour-twenty-four",
    "UseZeroForUnknown": "not-an-integer",
}


def names(code: str, classes: dict[str, dict[str, str]]) -> set[str]:
    """Our names for a class of theirs and all that derive from it."""
    found = set(SAME.get(code, "").split())
    for other, about in classes.items():
        if about["parent"] == code:
            found |= names(other, classes)
    return found


def judge(body: bytes) -> list[Fault]:
    """What we say of a document."""
    return document.judge(xml.read(body))


def main() -> None:
    """Print the table; exit with 1 if the score fell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--floor", type=Path)
    parser.add_argument("--raise", dest="write", action="store_true")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    classes = json.loads((options.folder / "classes.json").read_text("utf-8"))
    score: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()

    def count(case: dict, what: str, good: bool, faults: list[Fault]) -> None:
        for group in (case["family"], case["tier"], "all"):
            total[group, what] += 1
            score[group, what] += good
        if options.misses and not good:
            expect = case["expect"]
            print(
                f"{what:9} {case['id']}  {'!' * expect['negate']}{expect['class']}",
                expect["params"],
                expect.get("line"),
            )
            for fault in faults:
                place = f"{fault.line}-{fault.end_line}"
                print(f"{'':14}{place} {fault.rule.level} {fault.rule.name} {fault.message}")

    for line in (options.folder / "manifest.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        expect = case["expect"]
        faults = judge((options.folder / case["file"]).read_bytes())
        errors = [fault for fault in faults if fault.rule.level == "error"]
        if case["observed"]["verdict"] == "valid":
            count(case, "valid", not errors, errors)
        wanted = names(expect["class"], classes)
        if expect["class"] in ("Error", "Warning"):
            level = expect["class"].lower()
            hits = [fault for fault in faults if fault.rule.level == level]
        else:
            hits = [fault for fault in faults if fault.rule.name in wanted]
        if expect["negate"]:
            if expect["class"] != "Warning":
                count(case, "absent", not hits or expect["level"] == "success", hits)
        elif expect["level"] in ("error", "warning"):
            count(case, expect["level"], bool(hits), faults)
            where = expect.get("line")
            if hits and where:
                count(case, "line", any(h.line <= where <= h.end_line for h in hits), hits)
            if expect["level"] == "error" and case["isolated"]:
                count(case, "isolated", bool(hits) and set(errors) <= set(hits), faults)
    what = ("valid", "error", "isolated", "warning", "absent", "line")
    print(f"{'':12}" + "".join(f"{name:>18}" for name in what))
    result = {}
    for group in sorted({group for group, _ in total}):
        cells = []
        for name in what:
            good, all_ = score[group, name], total[group, name]
            cells.append(f"{good}/{all_} {100 * good / all_:5.1f}%" if all_ else "")
            if all_:
                result[f"{group} {name}"] = [good, all_]
        print(f"{group:12}" + "".join(f"{cell:>18}" for cell in cells))
    if options.floor and options.write:
        lines = (f"{json.dumps(key)}: {value}" for key, value in sorted(result.items()))
        options.floor.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    elif options.floor:
        floor = json.loads(options.floor.read_text())
        lower = [
            f"{key}: {result.get(key, [0])[0]} < {good}"
            for key, (good, _) in floor.items()
            if result.get(key, [0])[0] < good
        ]
        if lower:
            sys.exit("the score fell: " + ", ".join(lower))


if __name__ == "__main__":
    main()
