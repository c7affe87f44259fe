"""Table units: the city, its districts at D with 未知, its parks, and the two zones."""

from transforms.inputs import UNKNOWN, Inputs, valid_codes
from transforms.measures.figures import Unit


def units(inputs: Inputs) -> list[Unit]:
    """In the order city, districts, 未知, parks, zones. Parks need the park list: without it there are none."""
    city = Unit("city", inputs.settings.city.code, inputs.settings.city.name)
    districts = {
        row.code: Unit("district", row.code, row.name, None, city.code, row.tile_x, row.tile_y)
        for row in inputs.districts
        if row.valid_on(inputs.day)
    }
    unknown = Unit("district", UNKNOWN, "未知", None, city.code)
    zones = [Unit("zone", "in_park", "园区内", None, city.code), Unit("zone", "out_park", "园区外", None, city.code)]
    return [city, *(districts[code] for code in sorted(districts)), unknown, *_parks(inputs), *zones]


def _parks(inputs: Inputs) -> list[Unit]:
    if "park" not in inputs.rows:
        return []
    valid = valid_codes(inputs.districts, inputs.day)
    rows = inputs.rows["park"].select("park_code", "name", "level", "district_code").collect().sort("park_code").rows()
    return [Unit("park", code, name, level, valid.get(district, UNKNOWN)) for code, name, level, district in rows]


def of_kind(units: list[Unit], *kinds: str) -> list[Unit]:
    return [unit for unit in units if unit.kind in kinds]
