"""A city of twelve units in which every entity metric has something to count, for the tests of entity metrics."""

from tests.cities import cards, city, figures
from transforms.census import census
from transforms.measures.entity import entity_metrics
from transforms.measures.units import units

# Eight enterprises, two social organisations, a self-employed unit, a public enterprise.
UNITS = {
    "registration": """
        uscc type_code district_code park_code
        E01  1130      980102        P1
        E02  1130      980102        P1
        E03  1130      980102        .
        E04  1130      980102        .
        E05  1130      980103        P2
        E06  1130      980103        .
        E07  1130      980103        .
        E08  1130      .             .
        I01  9500      980102        P1
        G01  1110      980102        P1
    """,
    "social_org": "uscc district_code park_code \n S01 980102 P1 \n S02 980103 .",
    "tax": "taxpayer_id \n E01 \n E02 \n E03 \n E05 \n I01 \n G01",
    "social_insurance": """
        uscc insured
        E01  120
        E02  60
        E04  100
        E05  49
        E06  50
        I01  2
        S01  8
    """,
    "party_org": "org_code mode \n B1 single \n J1 joint \n D1 dispatched",
    "org_link": "org_code uscc \n B1 E01 \n J1 E02 \n J1 E05 \n J1 S01 \n D1 E04",
    "member": """
        member_id org_code uscc kind         relation
        M01       B1       E01  formal       in_place
        M02       B1       E01  formal       in_place
        M03       B1       E01  formal       mobile
        M04       B1       E01  probationary in_place
        M05       J1       E02  formal       in_place
        M06       J1       E02  formal       in_place
        M07       J1       E02  formal       in_place
        M08       J1       E03  formal       in_place
        M09       J1       E05  formal       in_place
        M10       J1       E05  formal       lost
        M11       J1       S01  formal       in_place
        M12       J1       E06  formal       pocket
    """,
    "instructor": "instructor_id uscc \n X1 E03",
    "mass_org": "uscc kind \n E07 union \n S02 women",
    "park": "park_code district_code \n P1 980102 \n P2 980103",
    "survey": """
        uscc surveyed_on operating employees members has_org investor_known
        E01  2017-05-01  operating 120       4       yes     yes
        E02  2017-05-01  operating 60        3       yes     .
        E08  2017-05-01  shell     0         0       no      yes
        S01  2016-05-01  operating 8         1       yes     yes
    """,
}


def table(*names: str, missing: str = "", **delivered: str):
    here = {name: text for name, text in UNITS.items() if name not in missing.split()} | delivered
    inputs = city(missing=missing, **here)
    listed = census(inputs) if inputs.has("registration") or inputs.has("social_org") else None
    return figures(entity_metrics(inputs, listed, cards(*names), units(inputs)))


def of_city(found, *, basis: str = "registered", sector: str | None = "enterprise"):
    found = found.filter((found["unit_kind"] == "city") & (found["basis"] == basis))
    return found if sector is None else found.filter(found["sector"] == sector)
