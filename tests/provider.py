"""A real OpenID Connect provider in a process of its own, and the dashboards as people sign in to them through it.

    def test_leader(people, browser):
        page = people.page(browser, "leader")     # signed in, a context of its own
        page.goto(people.url + "/worklist")

A test module takes the fixture by importing it: `from tests.provider import people`.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from data.home import Home
from tests.browser import DESK, LOCAL, Visit, watch
from tests.dashboards.outbox_fixture import write_briefing
from tests.dashboards.releases_fixture import expected, make_home, publish

ROOT = Path(__file__).parents[1]
WAIT = 60_000
RESTATED = "2017-11"
SECRET = "c0okie" * 8
OF_THE_CITY = "a sentence about the whole city"  # in every briefing, also in its files; 半年督查 names units besides
# Who signs in: key -> (role, areas). P98-02 lies in 980104; `stranger` is known to the provider and not to the office.
PEOPLE = {
    "leader": ("leader", ["city"]),
    "analyst": ("analyst", ["city"]),
    "auditor": ("auditor", ["city"]),
    "administrator": ("administrator", ["city"]),
    "district": ("auditor", ["district-980104"]),
    "district_leader": ("leader", ["district-980104"]),
    "park": ("analyst", ["park-P98-02"]),
    "stranger": None,
    "unverified": ("auditor", ["city"]),
}


def address(key: str) -> str:
    return f"{key}@city.example"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOCAL, 0))
        return probe.getsockname()[1]


def awaited(url: str, process: subprocess.Popen, log: Path) -> None:
    for _ in range(300):
        try:
            if urllib.request.urlopen(url, timeout=2).status == 200:
                return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.2)
    pytest.fail(f"{url} did not start: {log.read_text()[-1500:]}", pytrace=False)


def write_access(home: Home, people: dict = PEOPLE) -> None:
    entries = [
        f'[[person]]\nsign_in = "{address(key)}"\nname = "{key}"\nrole = "{given[0]}"\nareas = {json.dumps(given[1])}\n'
        for key, given in people.items()
        if given
    ]
    (home.path / "access.toml").write_text("\n".join(entries), encoding="utf-8")


class People:
    """A home whose people sign in, its dashboards as `liangxin dashboard` serves them, and the provider that vouches for them."""

    def __init__(self, home: Home, folder: Path):
        self.home, self.folder, self.processes = home, folder, []
        provider, port = free_port(), free_port()
        self.url, self.issuer = f"http://{LOCAL}:{port}", f"http://{LOCAL}:{provider}"
        claims = [{"sub": address(key), "email": address(key), "email_verified": key != "unverified"} for key in PEOPLE]
        users = [part for each in claims for part in ("--user-claims", json.dumps(each))]
        self._start("provider", [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(provider), *users])
        awaited(f"{self.issuer}/.well-known/openid-configuration", self.processes[-1], folder / "provider.txt")
        home.secrets.mkdir(exist_ok=True)
        (home.secrets / "sign_in.toml").write_text(
            f'[auth]\nredirect_uri = "{self.url}/oauth2callback"\ncookie_secret = "{SECRET}"\nclient_id = "liangxin"\n'
            f'client_secret = "of-liangxin"\nserver_metadata_url = "{self.issuer}/.well-known/openid-configuration"\n'
        )
        write_access(home)
        self._start("server", [sys.executable, "-m", "liangxin", "dashboard", "--home", str(home.path), "--port", str(port)])
        awaited(f"{self.url}/_stcore/health", self.processes[-1], folder / "server.txt")

    def _start(self, name: str, command: list[str]) -> None:
        log = (self.folder / f"{name}.txt").open("w")
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        self.processes.append(subprocess.Popen(command, env=environment, cwd=self.folder, stdout=log, stderr=subprocess.STDOUT))

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
            process.wait(20)

    def cookies(self, key: str) -> dict[str, str]:
        """The cookies of somebody who has signed in, with this server's own signature: as a browser has them, without one."""
        claims = {"sub": address(key), "email": address(key), "email_verified": key != "unverified"}
        said = json.dumps(claims | {"origin": self.url, "is_logged_in": True, "provider": "default"})
        with urllib.request.urlopen(f"{self.url}/_stcore/health") as answer:
            token = re.search(r"_streamlit_xsrf=([^;]+)", answer.headers["Set-Cookie"])[1]
        return {"_streamlit_user": create_signed_value(SECRET, "_streamlit_user", said).decode(), "_streamlit_xsrf": token}

    def visit(self, browser, key: str, at: str = "/", size: dict[str, int] = DESK) -> Visit:
        """Signs in as somebody, through the provider's own form, on the way to a page."""
        context = browser.new_context(viewport=size, service_workers="block", accept_downloads=True, locale="zh-CN")
        seen = Visit(context.new_page())
        watch(context, seen)
        seen.page.goto(self.url + at)
        self.sign_in(seen.page, key)
        return seen

    def sign_in(self, page, key: str) -> None:
        page.locator(".st-key-sign_in button").click(timeout=WAIT)
        page.wait_for_url(f"{self.issuer}/**", timeout=WAIT)
        page.locator(f'button[value="{address(key)}"]').first.click()
        page.wait_for_url(f"{self.url}/**", timeout=WAIT)


def restated_home(folder: Path) -> Home:
    """The example city, with a month that was restated (members of many units moved) and in which every work object was surveyed; and with
    briefings, among them one that names every work object."""
    home = make_home(folder)
    census = expected("census").filter(pl.col("period") == RESTATED)
    more = pl.when(pl.col("members") > 0).then(pl.col("members") + 1).otherwise(pl.col("members"))
    surveyed = census.filter("corroborated").select("period", "uscc", five_clear=pl.lit(False))
    publish(home, RESTATED, "r02", census=census.with_columns(members=more), surveyed=surveyed)
    for kind in ("month", "quarter"):
        write_briefing(home, RESTATED, kind=kind, said=OF_THE_CITY)
    units = census.filter("corroborated").drop_nulls("name")
    write_briefing(home, RESTATED, "r02", said=OF_THE_CITY)
    write_briefing(home, RESTATED, kind="half_year", said=f"{OF_THE_CITY} {' '.join(units['name'])} {' '.join(units['uscc'])}")
    return home


@pytest.fixture(scope="session")
def people(tmp_path_factory) -> Iterator[People]:
    folder = tmp_path_factory.mktemp("people")
    started = People(restated_home(folder / "home"), folder)
    yield started
    started.stop()
