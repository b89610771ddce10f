"""The look: texts one can read in both schemes, and windows that change at once."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from homepoint.ui.icons import IconName, Silhouette, icon, pixmap
from homepoint.ui.theme import Scheme, SchemeChoice, TextRole, Tone, resource_path, theme
from homepoint.ui.theme_colours import DARK, LIGHT, Colours, contrast, text_pairs
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.text import Label


@pytest.fixture(autouse=True)
def _light_and_normal(qapp: QApplication) -> None:
    theme().choose_scheme(SchemeChoice.LIGHT)
    theme().set_text_scale(1.0)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_stands_out_from_every_background_it_meets(colours: Colours) -> None:
    faint = {name: round(contrast(text, ground), 2) for name, text, ground in text_pairs(colours)}
    assert {name: ratio for name, ratio in faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_the_frame_of_a_field_and_the_ring_of_the_focus_can_be_seen(colours: Colours) -> None:
    for ground in (colours.surface, colours.window, colours.field):
        assert contrast(colours.field_line, ground) >= 3
        assert contrast(colours.accent, ground) >= 3


def test_a_label_alive_changes_its_colour_with_the_scheme(qtbot: QtBot) -> None:
    label = Label("Overdue", tone=Tone.OVERDUE)
    qtbot.addWidget(label)
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(LIGHT.overdue)
    theme().choose_scheme(SchemeChoice.DARK)
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(DARK.overdue)
    assert theme().scheme is Scheme.DARK


def test_where_the_system_tells_nothing_the_light_scheme_is_used(qapp: QApplication) -> None:
    theme().choose_scheme(SchemeChoice.DARK)
    theme().choose_scheme(SchemeChoice.SYSTEM)
    assert theme().scheme is Scheme.LIGHT


def test_larger_text_makes_living_labels_and_buttons_larger(qtbot: QtBot) -> None:
    label, button = Label("Deadline"), Button("Renew")
    qtbot.addWidget(label)
    qtbot.addWidget(button)
    before = label.sizeHint().height(), button.sizeHint().height()
    theme().set_text_scale(2.0)
    assert label.sizeHint().height() >= 1.8 * before[0]
    assert button.sizeHint().height() >= 1.5 * before[1]


def test_digits_of_a_tabular_font_are_equally_wide(qapp: QApplication) -> None:
    metrics = QFontMetricsF(theme().font(TextRole.BODY, tabular=True))
    assert metrics.horizontalAdvance("1111") == pytest.approx(metrics.horizontalAdvance("8888"))


def test_the_style_sheet_leaves_no_name_unfilled(qapp: QApplication) -> None:
    assert "$" not in qapp.styleSheet()


@pytest.mark.parametrize("shape", [*IconName, *Silhouette])
def test_every_shape_is_shipped_and_paints_in_the_colour_asked_for(qapp: QApplication, shape: IconName) -> None:
    image = pixmap(shape, QSize(40, 40), 2.0, QColor("#ff0000")).toImage()
    inked = [
        image.pixelColor(x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    ]
    assert inked
    assert {colour.name() for colour in inked} == {"#ff0000"}


def test_no_icon_is_shipped_that_nothing_names() -> None:
    shipped = {path.stem for path in resource_path("icons").glob("*.svg")}
    assert shipped == {name.value for name in IconName}


def test_an_icon_already_given_away_takes_the_new_scheme(qapp: QApplication) -> None:
    given = icon(IconName.CHECK, Tone.GOOD)
    assert _ink(given.pixmap(QSize(24, 24)).toImage()) == LIGHT.good
    theme().choose_scheme(SchemeChoice.DARK)
    assert _ink(given.pixmap(QSize(24, 24)).toImage()) == DARK.good


def _ink(image: QImage) -> str:
    points = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return next(image.pixelColor(x, y).name() for x, y in points if image.pixelColor(x, y).alpha() == 255)


def test_a_hundred_thousand_calls_of_qt_do_not_end_the_program() -> None:
    program = (
        "from PySide6.QtCore import QObject\n"
        "thing = QObject()\n"
        "for _ in range(100_000):\n"
        "    thing.setObjectName('x'), thing.signalsBlocked(), thing == 1\n"
        "print('alive')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "alive"), done.stderr
