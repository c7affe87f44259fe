"""The command line in Chinese: no English sentence of Click's is left, and none of ours has half-width marks."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from data import command_words
from liangxin import front_door

ROOT = Path(__file__).parents[2]
CALLS = (
    ["nosuch"],
    ["run", "--period"],
    ["run", "--nosuch"],
    ["run", "extra"],
    ["run", "--engine", "z"],
    ["export"],
    ["dashboard", "--port", "0"],
    ["dashboard", "--port", "x"],
    ["sample", "--json=1"],
)
# Words of the command itself: its verbs and options, and what stands for a value.
OURS = re.compile(r"--?[a-z-]+|\b[A-Z_]{2,}\b|[a-z]+\.(py|toml|csv|parquet|xlsx)|YYYY-MM|LIANGXIN\w*|\./home|landing|liangxin|\[[a-z|]+\]")


ENGLISH = re.compile(r"\b(usage|options?|commands?|show|missing|invalid|error|got|valid|not|value|default|such)\b", re.IGNORECASE)
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:(]|[,;)][\u4e00-\u9fff]")


def said(call: list[str]) -> str:
    found = CliRunner().invoke(front_door, call, standalone_mode=False)
    return found.output or (found.exception.format_message() if isinstance(found.exception, click.ClickException) else "")


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_click_speaks_chinese(call, monkeypatch):
    monkeypatch.setenv("LIANGXIN_LANG", "zh")
    text = said(call)
    assert re.search("[\u4e00-\u9fff]", text)
    assert not ENGLISH.search(OURS.sub("", text))
    assert not HALF_WIDTH.search(text)


def test_help_is_in_chinese():
    """In a process of its own: what the options say is settled when the program starts."""
    command = [sys.executable, "-m", "liangxin", "run", "--help"]
    text = subprocess.run(command, env=os.environ | {"LIANGXIN_LANG": "zh"}, cwd=ROOT, capture_output=True, text=True).stdout
    assert "用法：" in text
    assert not ENGLISH.search(OURS.sub("", text))
    assert not HALF_WIDTH.search(text)


def test_english_stays_clicks_own(monkeypatch):
    monkeypatch.setenv("LIANGXIN_LANG", "en")
    assert said(["nosuch"]) == "No such command 'nosuch'."


def test_both_languages_fill_in_the_same_values():
    for english, chinese in command_words.ZH.items():
        fields = [set(re.findall(r"\{(\w+)|%\((\w+)\)s", text)) for text in (english, chinese)]
        assert fields[1] <= fields[0] | {("", "")}, english
