"""Table units: the city, its districts valid at D with 未知, its parks, the two zones."""

from data.home import City, Settings
from tests.cities import city
from transforms.measures.units import of_kind, units

HISTORY = """
    code    name    valid_from  valid_to    successor
    980103  西浦区  2000-01-01  .           .
    980102  东屏区  2000-01-01  2017-06-30  980103
    980104  新设区  2018-01-01  .           .
    130602  新市区  1990-01-01  2015-05-31  .
    130602  竞秀区  2015-06-01  .           .
"""


def listed(period: str, **delivered: str):
    inputs = city(period, districts=HISTORY, settings=Settings(city=City(code="980100", name="九八市")), **delivered)
    return [(unit.kind, unit.code, unit.name, unit.level, unit.parent) for unit in units(inputs)]


def test_the_whole_list_in_its_order():
    parks = """
        park_code name level      district_code
        P2        二园 provincial 980102
        P1        一园 national   980103
        P3        三园 municipal  .
        P4        四园 municipal  999999
    """
    assert listed("2017-12", park=parks) == [
        ("city", "980100", "九八市", None, None),
        ("district", "130602", "竞秀区", None, "980100"),
        ("district", "980103", "西浦区", None, "980100"),
        ("district", "000000", "未知", None, "980100"),
        ("park", "P1", "一园", "national", "980103"),
        ("park", "P2", "二园", "provincial", "980103"),
        ("park", "P3", "三园", "municipal", "000000"),
        ("park", "P4", "四园", "municipal", "000000"),
        ("zone", "in_park", "园区内", None, "980100"),
        ("zone", "out_park", "园区外", None, "980100"),
    ]


def test_districts_are_those_of_the_day_under_the_name_of_the_day():
    def names(period: str):
        return [(code, name) for kind, code, name, *_ in listed(period) if kind == "district"]

    assert names("2015-05") == [("130602", "新市区"), ("980102", "东屏区"), ("980103", "西浦区"), ("000000", "未知")]
    assert names("2017-06") == [("130602", "竞秀区"), ("980102", "东屏区"), ("980103", "西浦区"), ("000000", "未知")]
    assert names("2017-07") == [("130602", "竞秀区"), ("980103", "西浦区"), ("000000", "未知")]
    assert names("2018-01") == [("130602", "竞秀区"), ("980103", "西浦区"), ("980104", "新设区"), ("000000", "未知")]


def test_without_the_park_list_there_are_no_parks_but_both_zones():
    inputs = city(missing="park")
    assert of_kind(units(inputs), "park") == []
    assert [unit.code for unit in of_kind(units(inputs), "zone")] == ["in_park", "out_park"]
