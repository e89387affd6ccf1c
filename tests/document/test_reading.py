"""Which way up, what kind, and when a number counts as read: with a reader written by hand."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.specimens.papers import Person
from tests.specimens.travel import Traveller
from verify_svc.document.reader import turned, turned_back
from verify_svc.document.reading import ReadingLimits, read_with
from verify_svc.inference.text import Picture, Quad, TextRead

PERSON = Person()
SIZE = (600, 900)
SURE: tuple[float, ...] = (0.99,)


class Script:
    """A reader of a page whose lines are told it: text, left, top, and a score for each reading in turn.

    Skimmed, a line of `misread` says something else, and surely or not as it stands there.

    Each line is drawn as a bar of its own grey; the crop's grey says which line it is. A page that stands on its
    head is read as rubbish.
    """

    def __init__(
        self,
        lines: list[tuple[str, int, int, tuple[float, ...]]],
        turn: int = 0,
        misread: dict[str, tuple[str, float]] | None = None,
    ) -> None:
        self.lines = lines
        self.misread = misread or {}
        self.turn = turn
        self.reads: dict[str, int] = {}
        self.skims: list[str] = []
        self.sides_px: list[int] = []
        self.heights_px: list[int] = []
        self.size = SIZE

    def page(self) -> Picture:
        upright = np.full((*self.size, 3), 255, np.uint8)
        for place, (text, left, top, _) in enumerate(self.lines):
            cv2.rectangle(upright, (left, top), (left + 18 * len(text), top + 30), (10 + 10 * place,) * 3, -1)
        upright[:20, :20] = 0
        return turned(upright, self.turn)

    def find_lines(self, picture: Picture, side_px: int) -> list[Quad]:
        self.sides_px.append(side_px)
        self.heights_px.append(picture.shape[0])
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        standing = picture.shape[0] > picture.shape[1]
        quads = []
        for place in range(len(self.lines)):
            shade = 10 + 10 * place
            near = np.asarray(np.abs(grey.astype(int) - shade) <= 2, np.uint8)
            bar = np.asarray(cv2.morphologyEx(near, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)), np.uint8)
            if not bar.any():
                continue
            left, top, width, height = cv2.boundingRect(bar.T.copy() if standing else bar)
            right, bottom = left + width, top + height
            quad = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
            quads.append(quad[:, ::-1].copy() if standing else quad)
        return quads

    def read_line(self, crop: Picture) -> TextRead:
        place = self._place_of(crop)
        if place is None:
            return TextRead("", (), ())
        text, _, _, scores = self.lines[place]
        score = scores[min(self.reads.get(text, 0), len(scores) - 1)]
        self.reads[text] = self.reads.get(text, 0) + 1
        return even(text, score)

    def skim_line(self, crop: Picture) -> TextRead:
        place = self._place_of(crop)
        if place is None:
            return TextRead("", (), ())
        text, _, _, scores = self.lines[place]
        self.skims.append(text)
        return even(*self.misread.get(text, (text, scores[0])))

    def _place_of(self, crop: Picture) -> int | None:
        shade = int(np.median(crop))
        place = round((shade - 10) / 10)
        return place if 0 <= place < len(self.lines) and abs(shade - 10 - 10 * place) <= 2 else None

    def turn_of(self, picture: Picture) -> tuple[float, float, float, float]:
        guess = [0.1, 0.1, 0.1, 0.1]
        guess[self.turn // 90] = 0.7
        return guess[0], guess[1], guess[2], guess[3]


class SecondSight(Script):
    """A reader that makes nothing of a zone's line at first."""

    def read_line(self, crop: Picture) -> TextRead:
        read = super().read_line(crop)
        return even("UNREADABLE", 0.3) if "<" in read.text and self.reads[read.text] == 1 else read


def even(text: str, score: float) -> TextRead:
    return TextRead(text, (score,) * len(text), tuple((i + 0.5) / len(text) for i in range(len(text))))


def card(number_scores: tuple[float, ...], number: str = PERSON.number, turn: int = 0) -> Script:
    return Script(
        [
            ("姓名" + PERSON.name, 40, 60, (0.99,)),
            ("性别女", 40, 140, (0.99,)),
            ("公民身份号码", 40, 480, (0.99,)),
            (number, 300, 480, number_scores),
        ],
        turn,
    )


def test_the_lowest_long_line_of_an_id_card_is_read_at_once() -> None:
    labels = ["姓名", "性别女", "民族汉", "出生", "住址", "公民身份号码"]
    lines = [(text, 40, 40 + 80 * place, SURE) for place, text in enumerate(labels)]
    lines += [(PERSON.name, 300, 40, SURE), ("2000年1月2日", 300, 280, SURE)]
    lines += [("南京市示例区示范大道一百零一号", 300, 360, SURE), (PERSON.number, 300, 440, SURE)]
    script = Script(lines)

    reading = read_with(script, script.page(), "id_card_portrait", ReadingLimits())

    assert (reading.number, reading.fields["number"].value) == ("sure", PERSON.number)
    assert script.reads[PERSON.number] == 1
    assert PERSON.number not in script.skims
    assert "南京市示例区示范大道一百零一号" in script.skims


def test_a_sure_number_is_read_once() -> None:
    script = card((0.97,))
    reading = read_with(script, script.page(), "id_card_portrait", ReadingLimits())
    assert (reading.kind, reading.number) == ("id_card_portrait", "sure")
    assert script.reads[PERSON.number] == 1


def test_a_doubtful_number_is_read_again_larger() -> None:
    script = card((0.3, 0.9))
    reading = read_with(script, script.page(), "id_card_portrait", ReadingLimits())
    assert reading.number == "sure"
    assert reading.fields["number"].score == pytest.approx(0.9)


def test_a_doubtful_number_is_searched_anew_only_where_it_may_stand() -> None:
    script = card((0.3, 0.9))
    read_with(script, script.page(), "id_card_portrait", ReadingLimits())
    assert script.sides_px[-1] == 1280
    assert script.heights_px[-1] < 0.6 * 1280 * 600 / 900
    script = card((0.3, 0.9))
    script.misread = {"公民身份号码": ("", 0.99), PERSON.number: ("", 0.99)}
    script.lines[2] = ("出生1991年7月15日", 40, 220, (0.99,))
    assert read_with(script, script.page(), "id_card_portrait", ReadingLimits()).number == "sure"
    assert script.heights_px[-1] == pytest.approx(1280 * 600 / 900, abs=1)


def test_a_number_that_stays_doubtful_does_not_count() -> None:
    script = card((0.3,))
    assert read_with(script, script.page(), "id_card_portrait", ReadingLimits()).number == "unsure"


def test_a_wrong_check_digit_read_surely_twice_is_printed_so() -> None:
    wrong = PERSON.number[:-1] + ("1" if PERSON.number[-1] != "1" else "2")
    script = card((0.99,), wrong)
    reading = read_with(script, script.page(), "id_card_portrait", ReadingLimits())
    assert (reading.number, reading.fields["number"].value) == ("invalid", wrong)


def test_what_follows_from_a_zone_is_told_by_the_reading_of_it_that_counts() -> None:
    holder = Traveller()
    zone = holder.zone[1]
    script = SecondSight([("PASSPORT", 40, 40, (0.99,)), (holder.number, 500, 320, (0.99,)), (zone, 40, 400, (0.99,))])
    reading = read_with(script, script.page(), "passport", ReadingLimits())
    assert (reading.fields["number"].value, reading.number) == (holder.number, "sure")
    assert reading.fields["valid_until"].value == "2031-04-08"


def test_another_kind_is_named_and_not_read() -> None:
    script = card((0.97,))
    reading = read_with(script, script.page(), "business_licence", ReadingLimits())
    assert (reading.kind, dict(reading.fields)) == ("id_card_portrait", {})


@pytest.mark.parametrize("turn", [0, 180])
def test_a_page_on_its_head_is_turned(turn: int) -> None:
    script = card((0.97,), turn=turn)
    reading = read_with(script, script.page(), "id_card_portrait", ReadingLimits())
    assert reading.turn_deg == (360 - turn) % 360


@pytest.mark.parametrize(
    ("skimmed", "read"),
    [(("性别女", 0.99), False), (("性别女", 0.85), False), (("性别女", 0.7), True), (("性别安", 0.85), True)],
)
def test_a_line_is_read_where_skimming_it_leaves_a_doubt_about_a_field_that_is_not_one_of_few_words(
    skimmed: tuple[str, float], read: bool
) -> None:
    script = card((0.97,))
    script.misread = {"性别女": skimmed}
    reading = read_with(script, script.page(), "id_card_portrait", ReadingLimits())
    assert reading.fields["sex"].value == "女"
    assert (script.reads.get("性别女", 0) > 0) == read


def test_a_name_is_read_however_sure_skimming_was() -> None:
    script = card((0.97,))
    script.misread = {"姓名" + PERSON.name: ("姓名林知下", 0.99)}
    assert read_with(script, script.page(), "id_card_portrait", ReadingLimits()).fields["name"].value == PERSON.name


def test_a_page_that_skimming_says_nothing_of_is_read() -> None:
    script = card((0.97,))
    script.misread = {text: ("", 0.3) for text, *_ in script.lines[:2]} | {"公民身份号码": ("公民", 0.4)}
    script.misread[PERSON.number] = ("1", 0.3)
    reading = read_with(script, script.page(), "id_card_portrait", ReadingLimits())
    assert (reading.kind, reading.number) == ("id_card_portrait", "sure")


LICENCE = [
    ("营业执照", 300, 20, (0.99,)),
    ("类型个体工商户", 40, 200, (0.99,)),
    ("经营者林知夏", 40, 260, (0.99,)),
]


class Sealed(Script):
    """A licence whose name was found in two pieces; the strip that holds both, the widest of all, reads as `whole`."""

    def __init__(self, whole: str) -> None:
        name = [("名称", 40, 140, (0.99,)), ("沙丘鹤饮", 100, 140, (0.99,)), ("站", 192, 140, (0.99,))]
        super().__init__([*name, *LICENCE])
        self.whole = whole

    def read_line(self, crop: Picture) -> TextRead:
        if crop.shape[1] < 4.6 * crop.shape[0]:
            return super().read_line(crop)
        return TextRead(self.whole, (0.95,) * len(self.whole), (0.5,) * len(self.whole))


@pytest.mark.parametrize(
    ("whole", "name"), [("沙丘鹤饮品站", "沙丘鹤饮品站"), ("丘鹤饮品站", "沙丘鹤饮站"), ("沙丘鹤饮品", "沙丘鹤饮站")]
)
def test_a_name_that_a_seal_cut_in_pieces_is_read_as_one_line(whole: str, name: str) -> None:
    script = Sealed(whole)
    reading = read_with(script, script.page(), "business_licence", ReadingLimits())
    assert reading.fields["name"].value == name


class Hidden(Sealed):
    """A licence of whose name the end was not found; the strip that reaches further reads as `whole`."""

    def __init__(self, whole: str) -> None:
        super().__init__(whole)
        self.lines = [("名称", 40, 140, (0.99,)), ("沙丘鹤饮品", 100, 140, (0.99,)), *LICENCE]

    def read_line(self, crop: Picture) -> TextRead:
        if crop.shape[1] < 7.5 * crop.shape[0]:
            return Script.read_line(self, crop)
        return super().read_line(crop)


@pytest.mark.parametrize(
    ("whole", "name"),
    [("沙丘鹤饮品有限公司", "沙丘鹤饮品有限公司"), ("沙丘鹤饮品注册资本", "沙丘鹤饮品"), ("有限公司", "沙丘鹤饮品")],
)
def test_a_name_that_ends_as_no_name_does_is_read_further(whole: str, name: str) -> None:
    script = Hidden(whole)
    reading = read_with(script, script.page(), "business_licence", ReadingLimits())
    assert reading.fields["name"].value == name


def test_lines_of_a_card_that_fills_the_sheet_are_searched_at_a_smaller_size() -> None:
    script = card((0.97,))
    script.size = (600, 950)
    assert read_with(script, script.page(), "id_card_portrait", ReadingLimits()).number == "sure"
    assert script.sides_px == [736]


def test_what_is_shaped_as_a_card_and_is_none_is_searched_again() -> None:
    script = Script([("名称沙丘鹤饮品站", 40, 140, (0.99,)), *LICENCE])
    script.size = (600, 950)
    assert read_with(script, script.page(), "id_card_portrait", ReadingLimits()).kind == "business_licence"
    assert script.sides_px == [736, 960]


def test_a_licence_is_searched_once_however_it_is_shaped() -> None:
    script = Script([("名称沙丘鹤饮品站", 40, 140, (0.99,)), *LICENCE])
    script.size = (600, 950)
    assert read_with(script, script.page(), "business_licence", ReadingLimits()).kind == "business_licence"
    assert 736 not in script.sides_px


def test_an_empty_page_reads_as_nothing() -> None:
    script = Script([])
    reading = read_with(script, script.page(), "id_card_portrait", ReadingLimits())
    assert (reading.kind, reading.number, reading.line_count) == (None, "missing", 0)


@pytest.mark.parametrize("clockwise_deg", [0, 90, 180, 270])
def test_points_of_a_turned_picture_go_back_to_where_they_were(clockwise_deg: int) -> None:
    picture = np.zeros((40, 70, 3), np.uint8)
    picture[10, 50] = 255
    there = turned(picture, clockwise_deg)
    row, column = np.argwhere(there[:, :, 0])[0]
    back = turned_back(np.array([[column + 0.5, row + 0.5]], np.float32), clockwise_deg, 70, 40)
    assert back[0].tolist() == [50.5, 10.5]
