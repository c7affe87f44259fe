"""How long a page takes to show its figures, and a changed filter to show new ones, in a real browser on a served home.

python -m bench.pages HOME
"""

import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

from playwright.sync_api import Page, sync_playwright

from bench.timing import LIANGXIN, machine

PAGES = {"": "总览", "districts": "区县比较", "parks": "园区比较", "deliveries": "到报与装载"}
CHANGES = (
    ("metric", "工作覆盖率"),
    ("metric", "单独组建率"),
    ("basis", "登记口径"),
    ("sector", "社会组织"),
    ("metric", "组织覆盖率"),
    ("sector", "两新合计"),
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
DONE = (
    "!document.querySelector('[data-stale=true]')"
    " && document.querySelector('[data-testid=stApp]').getAttribute('data-test-script-state') != 'running'"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def opened(page: Page, address: str) -> float:
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".lx-foot")
    return time.perf_counter() - begun


def changed(page: Page, label: str, option: str) -> float:
    page.locator(f".st-key-choose_{label}").get_by_role("combobox").click()
    choice = page.get_by_role("option", name=option).first
    choice.wait_for()
    begun = time.perf_counter()
    choice.click()
    page.wait_for_selector(f'.lx-filters b:has-text("{option}")')
    page.wait_for_function(DONE)
    return time.perf_counter() - begun


def main(home: str) -> None:
    port = free_port()
    server = subprocess.Popen(
        [*LIANGXIN, "dashboard", "--home", home, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address)
        print(machine())
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS)
            page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN").new_page()
            for name in PAGES:  # warm
                opened(page, f"{address}/{name}")
            for name, title in PAGES.items():
                print(f"{title}: {statistics.median(opened(page, f'{address}/{name}') for _ in range(5)):.2f} s")
            opened(page, f"{address}/districts")
            times = [changed(page, label, option) for label, option in CHANGES]
            print(f"a filter changed: median {statistics.median(times):.2f} s, longest {max(times):.2f} s")
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the dashboards did not start")


if __name__ == "__main__":
    main(sys.argv[1])
