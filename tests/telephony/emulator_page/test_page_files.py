"""What the files of the page may hold, so that a strict content policy lets them work."""

import re

import pytest

from tests.telephony.emulator_page.fake_demo import PAGE

FILES = sorted(path.name for path in PAGE.iterdir())
SCRIPTS = [name for name in FILES if name.endswith(".js")]


def read(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")


def test_the_page_has_no_inline_script_style_or_handler() -> None:
    page = read("handsets.html")

    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", page) == []


@pytest.mark.parametrize("name", FILES)
def test_no_file_asks_another_host_for_anything(name: str) -> None:
    text = read(name).replace('xmlns="http://www.w3.org/2000/svg"', "")

    assert re.findall(r"https?:|//[a-z]+\.|@import|url\(", text) == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_script_turns_text_into_markup_or_code(name: str) -> None:
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|\beval\b|Function\(", read(name)) == []
    )


@pytest.mark.parametrize("name", FILES)
def test_every_file_can_be_read_in_one_sitting(name: str) -> None:
    assert len(read(name).splitlines()) <= 350


def test_every_script_of_the_page_is_there() -> None:
    wanted = {found for name in SCRIPTS for found in re.findall(r'from "\./([^"]+)"', read(name))}

    assert wanted | {"handsets.js"} == set(SCRIPTS)
