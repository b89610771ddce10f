"""A page drawn anew is painted once everything has its place, and never stays dark."""

import pytest
from pytestqt.qtbot import QtBot

from homepoint.ui.screens.rebuilding import drawn_anew
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.page import ScrollPage
from homepoint.ui.widgets.text import Label


@pytest.fixture
def page(qtbot: QtBot) -> ScrollPage:
    found = ScrollPage("Page")
    qtbot.addWidget(found)
    found.resize(600, 300)
    found.show()
    return found


def test_nothing_is_painted_before_all_cards_have_their_height(page: ScrollPage, qtbot: QtBot) -> None:
    cards = [Card(f"Card {number}") for number in range(8)]

    def draw() -> None:
        for card in cards:
            page.content.addWidget(card)
            for number in range(4):
                card.body.addWidget(Label(f"Line {number} of what stands in this card", wrap=True))

    drawn_anew(page, draw)
    assert not page.updatesEnabled()
    qtbot.waitUntil(page.updatesEnabled)
    assert all(card.height() >= card.heightForWidth(card.width()) for card in cards)


def test_a_page_whose_drawing_failed_can_be_painted_again(page: ScrollPage, qtbot: QtBot) -> None:
    def draw() -> None:
        raise ValueError("no such thing")

    with pytest.raises(ValueError, match="no such thing"):
        drawn_anew(page, draw)
    qtbot.waitUntil(page.updatesEnabled)
