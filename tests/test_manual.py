"""What `feeds rules` says."""

import pytest

from feeds import manual


def test_rules_are_found_by_code_by_family_and_by_name() -> None:
    (rule,) = manual.find(["V101"])
    assert (rule.name, rule.level) == ("bad-rfc822-date", "error")
    assert manual.find(["bad-rfc822-date"]) == [rule]
    assert manual.find(["v101"]) == [rule]
    family = manual.find(["V"])
    assert rule in family
    assert {rule.code[0] for rule in family} == {"V"}
    assert manual.find(["V101", "X101"])[1].code == "X101"


@pytest.mark.parametrize("name", ["Q1", "V999", "bad-taste", "date"])
def test_what_no_rule_is_called(name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name}: no rule is called so; `feeds rules` lists"):
        manual.find([name])


def test_every_family_has_a_heading_and_every_rule_a_section() -> None:
    page = manual.page()
    for rule in manual.all_rules():
        assert f"\n### {rule.code} {rule.name}\n" in page
    for family in manual.FAMILIES.values():
        assert f"\n## {family}\n" in page


def test_tags_are_shown_and_code_is_left_alone() -> None:
    page = manual.page()
    assert "&lt;{element}> is not a date as RFC 822 writes it" in page
    assert 'Declare the namespace with `xmlns="…"`.' in page
