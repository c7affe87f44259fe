"""People of roles and areas who have signed in, for a bench: who they are in a home, and the cookies that their browsers would hold.

What belongs here: writing access.toml and a sign-in of a made-up provider into a home that is the bench's own copy, and the cookies that
the provider's answer would have led to, signed with that home's secret. Nobody asks the provider: these people have been there already.
"""

import json
import secrets
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import polars as pl
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, generate_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME, XSRF_COOKIE_NAME

from data.access import FILE, Area, sign_in_file
from data.home import Home
from data.releases import open_release


@dataclass(frozen=True)
class Signed:
    """Somebody signed in. `units`: the (kind, code) of all whose figures they may be shown (their own, and those of the city and its two
    zones beside them), None for a reader of the whole city."""

    role: str
    area: Area
    cookies: dict[str, str]
    units: frozenset[tuple[str, str]] | None


def sign_in(path: Path, roles: list[str], port: int) -> list[Signed]:
    """Gives each role a person: every other one reads the whole city, the others a district each, in turn."""
    home, origin = Home(path), f"http://127.0.0.1:{port}"
    secret = secrets.token_urlsafe(48)
    units = open_release(home).table("units").select("unit_kind", "unit_code", "parent_code")
    districts = cycle(sorted(code for kind, code, _ in units.rows() if kind == "district" and code != "000000"))
    people, file = [], []
    for number, role in enumerate(roles):
        area = Area("city") if number % 2 == 0 else Area("district", next(districts))
        mail = f"{role}{number:02d}@example.org"
        file += ["[[person]]", f'sign_in = "{mail}"', f'role = "{role}"', f'areas = ["{area}"]', ""]
        told = {"origin": origin, "is_logged_in": True, "provider": "default", "email": mail, "email_verified": True}
        cookies = {
            USER_COOKIE_NAME: create_signed_value(secret, USER_COOKIE_NAME, json.dumps(told)).decode(),
            XSRF_COOKIE_NAME: generate_xsrf_token_string(),
        }
        people.append(Signed(role, area, cookies, _units(units, area)))
    (path / FILE).write_text("\n".join(file), encoding="utf-8")
    told = {
        "redirect_uri": f"{origin}/oauth2callback",
        "cookie_secret": secret,
        "client_id": "bench",
        "client_secret": secrets.token_urlsafe(),
    }
    told["server_metadata_url"] = f"{origin}/.well-known/openid-configuration"
    sign_in_file(home).parent.mkdir(exist_ok=True)
    sign_in_file(home).write_text("[auth]\n" + "".join(f'{key} = "{value}"\n' for key, value in told.items()), encoding="utf-8")
    return people


def _units(units: pl.DataFrame, area: Area) -> frozenset[tuple[str, str]] | None:
    if area.kind == "city":
        return None
    inside = units.filter(
        pl.col("unit_kind").is_in(["city", "zone"]) | (pl.col("unit_code") == area.code) | (pl.col("parent_code") == area.code)
    )
    return frozenset(inside.select("unit_kind", "unit_code").rows())
