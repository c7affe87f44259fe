"""Signing in, from end to end: a real provider's process, `liangxin dashboard` as an office starts it, a real browser."""

import json
import subprocess
import sys

import pytest

from data.home import Home
from pipelines.doctor import examine
from tests.provider import address, people

__all__ = ["people"]
pytestmark = pytest.mark.browser
WAIT = 60_000


def arrive(page, title: str) -> None:
    page.locator("h1", has_text=title).wait_for(timeout=WAIT)
    page.locator(".lx-foot").wait_for(timeout=WAIT)


def test_whoever_signs_in_is_led_to_what_the_link_asked_for_and_may_leave_again(people, browser):
    seen = people.visit(browser, "district", "/worklist?period=2017-11&list=new_unit")
    page = seen.page
    arrive(page, "工作清单")
    assert "period=2017-11" in page.url and "list=new_unit" in page.url
    who = page.locator(".lx-who").inner_text()
    assert "核查人员" in who and "南岭区" in who
    assert page.get_by_role("link", name="操作日志").count() == 0  # for those who read the whole city
    assert "北泽区" not in page.content()
    seen.left.clear()  # what the provider's own page asked for is none of ours
    seen.errors.clear()
    page.get_by_role("link", name="总览").click()
    arrive(page, "总览")
    seen.assert_quiet()
    page.locator(".st-key-sign_out button").click()
    page.wait_for_url(f"{people.issuer}/**", timeout=WAIT)  # the provider ends its own session as well
    page.locator("button[type=submit]").first.click()
    page.get_by_role("button", name="统一身份认证登录").wait_for(timeout=WAIT)
    assert page.locator(".lx-foot").count() == 0
    page.context.close()


def test_a_leader_is_offered_no_page_of_units_and_a_link_to_one_says_why(people, browser):
    seen = people.visit(browser, "leader", "/worklist")
    page = seen.page
    page.get_by_text("领导不使用这个页面").wait_for(timeout=WAIT)
    names = page.locator("[data-testid=stSidebarNavLink]").all_inner_texts()
    assert "区县比较" in " ".join(names)
    assert not {"工作清单", "核查线索", "软弱涣散倒排", "操作日志"} & {name.strip().split("\n")[-1] for name in names}
    page.context.close()


def test_whom_the_office_does_not_know_is_told_whom_to_ask(people, browser):
    for key, said in (("stranger", "尚未授权"), ("unverified", "未经认证平台核实")):
        page = people.visit(browser, key, "/worklist").page
        page.get_by_text(said).wait_for(timeout=WAIT)
        assert address(key) in page.content() and page.locator("table, .lx-foot").count() == 0
        page.context.close()


def started(home: Home, *options: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "liangxin", "dashboard", "--home", str(home.path), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_without_sign_in_no_other_address_is_served(tmp_path):
    ended = started(Home(tmp_path), "--address", "0.0.0.0", "--port", "1")
    assert ended.returncode == 3
    assert "sign_in.toml" in ended.stderr and len(ended.stderr.strip().splitlines()) == 1


def test_a_sign_in_that_lacks_a_key_is_refused_before_anything_is_served(tmp_path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "sign_in.toml").write_text('[auth]\nclient_id = "a"\n')
    ended = started(Home(tmp_path), "--port", "1")
    assert ended.returncode == 3
    assert "redirect_uri" in ended.stderr and "Traceback" not in ended.stderr


def test_doctor_says_who_is_let_in_and_what_lies_open(people):
    def said() -> tuple[bool, str]:
        (found,) = (check for check in examine(Home(people.home.path)) if check.name == "access")
        return found.fit, found.what

    secret = people.home.secrets / "sign_in.toml"
    secret.chmod(0o644)
    assert said() == (False, f"{secret} can be read by others. Run chmod 600 on it")
    secret.chmod(0o600)
    fit, what = said()
    assert fit and "lists 8 people" in what
    path = people.home.path / "access.toml"
    kept = path.read_text()
    path.write_text(kept.replace("district-980104", "district-999999"))
    try:
        assert said()[0] is False and "999999" in said()[1]
    finally:
        path.write_text(kept)


def test_who_signed_in_and_who_was_sent_away_stands_in_the_audit_log(people, browser):
    lines = [json.loads(line) for path in sorted((people.home.path / "audit").glob("*.jsonl")) for line in path.read_text().splitlines()]
    did = {(line["did"], line["who"]) for line in lines}
    assert ("signed_in", address("leader")) in did
    assert ("refused", address("stranger")) in did
