"""Weak organisations: each sign, who comes first, and how long the list is."""

import pytest

from tests.cities import city, on_duckdb
from transforms.census import census
from transforms.measures.weak_orgs import weak_orgs
from transforms.organisations import organisations


def signs(inputs, since=None) -> dict[str, str]:
    return {row[2]: row[6] for row in listed(inputs, since)}


def listed(inputs, since=None) -> list[tuple]:
    return weak_orgs(inputs.period, organisations(inputs, census(inputs)), since or {})


def one(org: str = "org_code \n B1", members: str = "", **more):
    three = "".join(f" \n G{number} B1 in_place" for number in range(3))
    return city(
        registration="uscc \n E1", org_link="org_code uscc \n B1 E1", party_org=org, member=members or f"member_id org_code relation{three}"
    )


@pytest.mark.parametrize(
    ("org", "members", "expected"),
    [
        ("org_code \n B1", "", ""),
        ("org_code secretary \n B1 no", "", "no_secretary"),
        ("org_code term_ends_on \n B1 2017-12-31", "", "term_overdue"),
        ("org_code term_ends_on \n B1 2018-01-01", "", ""),
        ("org_code meetings \n B1 0", "", "no_meetings"),
        ("org_code meetings \n B1 1", "", ""),
        ("org_code eight_haves \n B1 3", "", "eight_haves"),
        ("org_code eight_haves \n B1 4", "", ""),
        ("org_code \n B1", "member_id org_code \n M1 B1 \n M2 B1", "few_members"),
        # One person twice is one; a probationary member is none; of a dispatched organisation nobody asks for three.
        ("org_code \n B1", "member_id org_code uscc \n M1 B1 E1 \n M1 B1 E2 \n M2 B1 E1", "few_members"),
        ("org_code \n B1", "member_id org_code kind \n M1 B1 formal \n M2 B1 formal \n M3 B1 probationary", "few_members"),
        ("org_code mode \n B1 dispatched", "member_id org_code \n M1 B1", ""),
        ("org_code mode \n B1 joint", "member_id org_code \n M1 B1", "few_members"),
        ("org_code mode \n B1 dispatched", "member_id org_code relation \n M1 B1 pocket", "irregular_members"),
        (
            "org_code secretary term_ends_on meetings eight_haves \n B1 no 2017-01-01 0 1",
            "member_id org_code relation \n M1 B1 lost",
            "no_secretary,term_overdue,no_meetings,few_members,eight_haves,irregular_members",
        ),
    ],
)
def test_signs(org, members, expected):
    assert signs(one(org, members)) == ({"B1": expected} if expected else {})


def many(count: int, weak: str) -> dict[str, str]:
    """`count` organisations without a sign, and those of the text (org_code secretary meetings eight_haves)."""
    sound = "".join(f" \n G{number:02d} yes 1 8" for number in range(count))
    return {"registration": "uscc \n E1", "party_org": f"org_code mode secretary meetings eight_haves{_dispatched(sound + weak)}"}


def _dispatched(rows: str) -> str:
    return rows.replace(" yes", " dispatched yes").replace(" no ", " dispatched no ")


def test_most_signs_first_then_fewest_of_the_eight_then_code():
    text = many(32, " \n W3 no 0 . \n W1 no 1 8 \n W2 no 0 5 \n W5 no 0 5 \n W4 no 1 .")
    rows = listed(city(**text))
    # 37 organisations: the first four. Without the figure an organisation counts as 0 of the eight, and that is no sign.
    assert [(row[1], row[2], row[6]) for row in rows] == [
        (1, "W3", "no_secretary,no_meetings"),
        (2, "W2", "no_secretary,no_meetings"),
        (3, "W5", "no_secretary,no_meetings"),
        (4, "W4", "no_secretary"),
    ]


@pytest.mark.parametrize(("sound", "long"), [(0, 1), (8, 1), (9, 2), (18, 2), (19, 3)])
def test_a_tenth_of_all_rounded_up(sound, long):
    weak = "".join(f" \n W{number} no 1 8" for number in range(2 if sound >= 9 else 1))
    rows = listed(city(**many(sound, weak + (" \n W8 no 1 8" if sound == 19 else ""))))
    assert len(rows) <= long
    assert len(rows) == min(long, len(weak.split("no")) - 1 + (sound == 19))


def test_never_more_than_have_a_sign():
    assert len(listed(city(**many(40, " \n W1 no 1 8")))) == 1


def test_since_when():
    inputs = city(**many(12, " \n W1 no 1 8 \n W2 no 0 8"))
    assert [(row[2], row[7]) for row in listed(inputs, {"W1": "2017-03"})] == [("W2", "2017-12"), ("W1", "2017-03")]


def test_the_same_on_duckdb():
    inputs = one("org_code secretary meetings \n B1 no 0", "member_id org_code relation \n M1 B1 lost")
    assert listed(inputs) == listed(on_duckdb(inputs)) != []
