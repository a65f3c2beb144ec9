"""Themes: contrasts, completeness, and what a change of theme or size leaves true."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics, QRawFont

from resources import resource_path
from ui.theme import (
    FONT_FAMILY,
    SCALES,
    ThemeName,
    colour_code,
    load_colours,
    palette_of,
    scaled,
    style_sheet,
)
from ui.widgets.icons import icon_pixmap

THEMES = [ThemeName.LIGHT, ThemeName.DARK, ThemeName.CONTRAST]
SURFACES = ("ground", "surface")
TEXT_PAIRS = [
    *[(ink, surface) for surface in SURFACES for ink in ("text", "soft", "accent")],
    *[(ink, surface) for surface in SURFACES for ink in ("refusal", "attention", "done", "info")],
    ("text", "sunken"),
    ("soft", "sunken"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("accent_hover", "surface"),
    ("accent_hover", "ground"),
    ("on_accent_soft", "accent_soft"),
    ("on_accent_soft", "surface"),
    ("on_accent_soft", "ground"),
    ("nav_text", "nav"),
    ("nav_text", "nav_hover"),
    ("nav_soft", "nav"),
    ("on_nav_chosen", "nav_chosen"),
    ("ground", "text"),
    ("text", "info_soft"),
    ("text", "done_soft"),
    ("text", "attention_soft"),
    ("text", "refusal_soft"),
    ("accent", "surface"),
]
SHAPE_PAIRS = [
    *[("focus", surface) for surface in (*SURFACES, "sunken", "accent_soft")],
    ("nav_focus", "nav"),
    *[("field_line", surface) for surface in SURFACES],
    *[("accent", surface) for surface in (*SURFACES, "accent_soft")],
    *[(kind, f"{kind}_soft") for kind in ("info", "done", "attention", "refusal")],
]


def luminance(code):
    channels = [int(code[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_is_readable_on_its_background(theme):
    colours = load_colours(theme)
    weak = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in TEXT_PAIRS
        if contrast(colours[pair[0]], colours[pair[1]]) < 4.5
    }
    assert not weak


@pytest.mark.parametrize("theme", THEMES)
def test_every_shape_is_seen_on_its_background(theme):
    colours = load_colours(theme)
    weak = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in SHAPE_PAIRS
        if contrast(colours[pair[0]], colours[pair[1]]) < 3
    }
    assert not weak


@pytest.mark.parametrize("theme", THEMES)
def test_a_rule_that_sets_both_colours_is_readable(theme):
    sheet = style_sheet(load_colours(theme), 100)
    for rule in re.findall(r"\{([^}]*)\}", sheet):
        ink = re.search(r"(?<![-\w])color: (#\w{6})", rule)
        background = re.search(r"(?<![-\w])background: (#\w{6})", rule)
        if ink and background:
            assert contrast(ink[1], background[1]) >= 4.5, rule


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("scale", SCALES)
def test_the_sheet_finds_every_colour_and_no_text_is_under_14_px(theme, scale):
    sheet = style_sheet(load_colours(theme), scale)
    assert "@" not in sheet
    assert all(int(size) >= 14 for size in re.findall(r"font-size: (\d+)px", sheet))


def test_themes_have_the_same_names():
    names = [set(load_colours(theme)) for theme in THEMES]
    assert names[0] == names[1] == names[2]
    palette_of(load_colours(ThemeName.LIGHT))


def test_theme_and_size_are_remembered(appearance, settings):
    appearance.set_theme(ThemeName.DARK)
    appearance.set_scale(149)
    assert appearance.theme() is ThemeName.DARK
    assert appearance.scale() == 150
    assert colour_code("ground") == load_colours(ThemeName.DARK)["ground"]
    assert scaled(10) == 15
    settings.sync()
    assert "150" in Path(settings.fileName()).read_text(encoding="utf-8")


def test_a_size_goes_up_and_down_within_bounds(appearance):
    for _ in range(10):
        appearance.larger()
    assert appearance.scale() == 200
    for _ in range(10):
        appearance.smaller()
    assert appearance.scale() == 100


def test_settings_from_another_version_are_passed_over(appearance, settings):
    settings.setValue("appearance/theme", "sepia")
    settings.setValue("appearance/scale", "beaucoup")
    assert appearance.theme() is ThemeName.SYSTEM
    assert appearance.scale() == 100


def test_the_font_of_the_program_writes_french_alone(appearance):
    assert FONT_FAMILY in QFontDatabase.families()
    for weight in ("Regular", "SemiBold"):
        path = resource_path("fonts", f"AtkinsonHyperlegibleNext-{weight}.ttf")
        font = QRawFont(str(path), 16)
        lacking = [
            letter
            for letter in "ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸàâæçéèêëîïôœùûüÿ«»’“”–—…·€°×\u00a0\u202f→←↑↓"
            if not font.supportsCharacter(ord(letter))
        ]
        assert not lacking


def test_the_narrow_space_is_narrower_than_a_space(appearance):
    metrics = QFontMetrics(QFont(FONT_FAMILY, 16))
    assert metrics.horizontalAdvance("\u202f") < metrics.horizontalAdvance(" ")


def test_icons_take_the_colour_of_the_theme(appearance):
    light = icon_pixmap("plus", "text", 20).toImage()
    appearance.set_theme(ThemeName.DARK)
    dark = icon_pixmap("plus", "text", 20).toImage()
    assert light != dark


def test_every_icon_of_the_set_is_drawn(appearance):
    for path in resource_path("icons").glob("*.svg"):
        assert not icon_pixmap(path.stem, "text", 20).toImage().isNull()
