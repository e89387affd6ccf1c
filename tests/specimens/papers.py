"""Draws made-up certificates and forms: nobody's data, numbers whose check digits hold.

A paper is a Pillow picture laid flat; `tests.specimens.photographs` lays it on a table and takes its picture.
County codes end in 99, which no county has; units are called 示例.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from functools import cache

import segno
from PIL import Image, ImageDraw, ImageFont
from stdnum.cn import ric, uscc

NOTO = "/usr/share/fonts/opentype/noto/"
SANS, SANS_BOLD = f"{NOTO}NotoSansCJK-Regular.ttc", f"{NOTO}NotoSansCJK-Bold.ttc"
SERIF, SERIF_BOLD = f"{NOTO}NotoSerifCJK-Regular.ttc", f"{NOTO}NotoSerifCJK-Bold.ttc"
SIMPLIFIED = 2  # the face of the collection with mainland forms

GIVEN_NAMES = ("知夏", "望舒", "云帆", "一诺", "嘉言", "宁", "沐")
TRADE_NAMES, TRADES = ("青梧", "云汐", "星野", "澄川"), ("科技", "文化传播", "信息咨询")

INK, BLUE, RED, GOLD = (26, 26, 30), (64, 108, 168), (196, 30, 44), (176, 136, 64)


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up person."""

    name: str = "林知夏"
    sex: str = "女"
    people: str = "汉"
    born: dt.date = dt.date(1990, 3, 7)
    address: str = "江苏省南京市示例区梧桐路18号2幢301室"
    county: str = "320199"
    order: str = "402"

    @property
    def number(self) -> str:
        """The ID card number: the order's last digit is odd for men."""
        body = f"{self.county}{self.born:%Y%m%d}{self.order}"
        return body + str(ric.calc_check_digit(body + "0"))


@dataclass(frozen=True, slots=True)
class Unit:
    """A made-up company."""

    name: str = "南京青梧示例科技有限公司"
    kind: str = "有限责任公司(自然人投资或控股)"
    legal_person: str = "林知夏"
    address: str = "南京市示例区梧桐路18号2幢301室"
    established: dt.date = dt.date(2019, 5, 16)
    until: str = "长期"
    body: str = "91320199MA1Q8K3T7"

    @property
    def number(self) -> str:
        return self.body + str(uscc.calc_check_digit(self.body + "0"))


def some_person(seed: int) -> Person:
    """One of many people."""
    dice = random.Random(seed)
    sex = dice.choice("男女")
    order = dice.randrange(10, 90) * 10 + dice.randrange(0, 5) * 2 + (sex == "男")
    return Person(
        name=dice.choice("林周沈韩蒋许何吕施曹严华金魏陶姜") + dice.choice(GIVEN_NAMES),
        sex=sex,
        people=dice.choice(["汉", "汉", "汉", "满", "回", "壮", "蒙古"]),
        born=dt.date(1955, 1, 1) + dt.timedelta(days=dice.randrange(18_000)),
        address=dice.choice(["江苏省南京市示例区", "四川省成都市示例区", "广东省广州市示例区", "北京市示例区"])
        + dice.choice(["梧桐路", "春熙街", "望江大道", "青年巷"])
        + f"{dice.randrange(1, 300)}号{dice.randrange(1, 30)}幢{dice.randrange(101, 2800)}室",
        county=dice.choice(["320199", "510199", "440199", "110199"]),
        order=f"{order:03d}",
    )


def some_unit(seed: int) -> Unit:
    """One of many companies."""
    dice = random.Random(seed)
    city, code = dice.choice([("南京", "3201"), ("成都", "5101"), ("广州", "4401"), ("杭州", "3301")])
    letters = "".join(dice.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(7))
    return Unit(
        name=f"{city}{dice.choice(TRADE_NAMES)}示例{dice.choice(TRADES)}有限公司",
        legal_person=some_person(seed).name,
        address=f"{city}市示例区望江大道{dice.randrange(1, 400)}号{dice.randrange(1, 20)}幢{dice.randrange(999)}室",
        established=dt.date(2014, 6, 1) + dt.timedelta(days=dice.randrange(4000)),
        until=dice.choice(["长期", "2045年06月30日", ""]),
        body=f"91{code}99MA{letters}",
    )


class Sheet:
    """A paper of `width` × `height` millimetres, drawn at `dots` pixels a millimetre."""

    def __init__(self, width: float, height: float, dots: float, paper: tuple[int, int, int]) -> None:
        self.dots = dots
        self.image = Image.new("RGB", (round(width * dots), round(height * dots)), paper)
        self.pen = ImageDraw.Draw(self.image)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        font: str = SANS,
        ink: tuple[int, int, int] = INK,
        spread: float = 0.0,
        wrap: float = 1e9,
        pitch: float = 1.45,
        centre: bool = False,
    ) -> float:
        """Write from (x, y), the top left, `spread` mm between characters; the bottom of the last line comes back."""
        face = _face(font, round(size * self.dots))
        if centre:
            x -= sum(face.getlength(character) / self.dots + spread for character in text) / 2
        left = x
        for character in text:
            step = face.getlength(character) / self.dots
            if x + step > left + wrap:
                x, y = left, y + size * pitch
            self.pen.text((x * self.dots, y * self.dots), character, font=face, fill=ink)
            x += step + spread
        return y + size * pitch

    def frame(self, inset: float, ink: tuple[int, int, int], width: float) -> None:
        w, h = self.image.width, self.image.height
        edge = inset * self.dots
        self.pen.rectangle((edge, edge, w - edge, h - edge), outline=ink, width=max(1, round(width * self.dots)))

    def star(self, x: float, y: float, radius: float, ink: tuple[int, int, int] = RED) -> None:
        """A plain disc with a smaller one in it, in place of an emblem."""
        for share, colour in ((1.0, ink), (0.72, (236, 196, 84)), (0.55, ink)):
            r = radius * share * self.dots
            self.pen.ellipse((x * self.dots - r, y * self.dots - r, x * self.dots + r, y * self.dots + r), fill=colour)

    def seal(self, x: float, y: float, text: str, radius: float = 19.0) -> None:
        """A round red seal with the text in two rows."""
        r = radius * self.dots
        box = (x * self.dots - r, y * self.dots - r, x * self.dots + r, y * self.dots + r)
        self.pen.ellipse(box, outline=RED, width=round(1.1 * self.dots))
        half = (len(text) + 1) // 2
        self.text(x, y - 8, text[:half], 3.6, SERIF_BOLD, RED, centre=True)
        self.text(x, y + 4, text[half:], 3.6, SERIF_BOLD, RED, centre=True)


@cache
def _face(path: str, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, pixels, index=SIMPLIFIED if path.endswith("ttc") else 0)


def id_card_portrait(person: Person, portrait: Image.Image | None = None) -> Image.Image:
    """The side with the portrait, 85.6 × 54 mm. Without `portrait` a plain figure is drawn."""
    card = Sheet(85.6, 54, 18, (226, 236, 242))
    for step in range(0, 60, 2):  # fine waves, as on security paper
        card.pen.arc((step * 28 - 400, -300, step * 28 + 900, 1400), 60, 300, fill=(206, 222, 232), width=2)
    for y, label in ((6.2, "姓名"), (13.6, "性别"), (20.8, "出生"), (28.2, "住址")):
        card.text(5.2, y, label, 2.6, SANS, BLUE, spread=0.4)
    card.text(26, 13.6, "民族", 2.6, SANS, BLUE, spread=0.4)
    card.text(14.6, 5.6, person.name, 3.6, SANS, spread=0.5)
    card.text(14.6, 13.3, person.sex, 3.0)
    card.text(33.5, 13.3, person.people, 3.0)
    for x, value, unit in (
        (14.6, f"{person.born.year}", "年"),
        (27.4, f"{person.born.month}", "月"),
        (35, f"{person.born.day}", "日"),
    ):
        end = x + len(value) * 1.8 + 0.9
        card.text(x, 20.5, value, 3.0)
        card.text(end, 20.8, unit, 2.6, SANS, BLUE)
    card.text(14.6, 28.0, person.address, 3.0, wrap=38)
    card.text(5.2, 45.4, "公民身份号码", 2.6, SANS, BLUE)
    card.text(29.5, 44.8, person.number, 3.6, SANS_BOLD, spread=0.35)
    draw_portrait(card, portrait, (58, 6.5, 80, 39))
    card.text(60, 41.5, "样张 SPECIMEN", 1.6, SANS, (130, 140, 150))
    return card.image


def draw_portrait(card: Sheet, portrait: Image.Image | None, place: tuple[float, float, float, float]) -> None:
    """A portrait, or a plain figure, in the box left, top, right, bottom (mm)."""
    left, top, right, bottom = (round(edge * card.dots) for edge in place)
    box = (left, top, right, bottom)
    size = (box[2] - box[0], box[3] - box[1])
    if portrait is not None:
        width = min(portrait.width, portrait.height * size[0] // size[1])
        left = (portrait.width - width) // 2
        height = width * size[1] // size[0]
        card.image.paste(portrait.convert("RGB").crop((left, 0, left + width, height)).resize(size), box[:2])
        return
    figure = Image.new("RGB", size, (238, 240, 242))
    pen, (w, h) = ImageDraw.Draw(figure), size
    pen.ellipse((w * 0.05, h * 0.62, w * 0.95, h * 1.5), fill=(48, 60, 96))
    pen.ellipse((w * 0.24, h * 0.12, w * 0.76, h * 0.68), fill=(226, 182, 152))
    pen.chord((w * 0.2, h * 0.06, w * 0.8, h * 0.62), 185, 355, fill=(30, 26, 26))
    card.image.paste(figure, box[:2])


def id_card_emblem(
    authority: str = "南京市公安局示例分局",
    begins: dt.date = dt.date(2021, 4, 9),
    ends: dt.date | None = dt.date(2041, 4, 9),
) -> Image.Image:
    """The side with the emblem; `ends` None is 长期."""
    card = Sheet(85.6, 54, 18, (232, 240, 236))
    for step in range(0, 60, 2):
        card.pen.arc((step * 26 - 200, -700, step * 26 + 900, 900), 20, 340, fill=(214, 228, 222), width=2)
    card.star(14, 13, 6.5)
    card.text(51, 6, "中华人民共和国", 4.6, SERIF_BOLD, spread=1.0, centre=True)
    card.text(51, 15.5, "居民身份证", 7.0, SERIF_BOLD, spread=1.4, centre=True)
    card.text(20, 37.4, "签发机关", 2.6, SANS_BOLD, spread=0.3)
    card.text(35, 37.1, authority, 3.0)
    card.text(20, 44.6, "有效期限", 2.6, SANS_BOLD, spread=0.3)
    last = "长期" if ends is None else f"{ends:%Y.%m.%d}"
    card.text(35, 44.3, f"{begins:%Y.%m.%d}-{last}", 3.0)
    return card.image


def business_licence(unit: Unit, portrait_format: bool = False, coded: str | None = None) -> Image.Image:
    """营业执照, landscape or portrait format; `coded` is what its QR code says, else an address with the number."""
    says = f"http://www.example.cn/index.html?uniscid={unit.number}" if coded is None else coded
    return _licence_portrait(unit, says) if portrait_format else _licence_landscape(unit, says)


def _licence_landscape(unit: Unit, coded: str) -> Image.Image:
    page = Sheet(297, 210, 7.5, (252, 249, 240))
    page.frame(8, GOLD, 2.4)
    page.frame(12.5, GOLD, 0.6)
    page.star(148.5, 27, 11)
    page.text(148.5, 42, "营业执照", 18, SERIF_BOLD, spread=6, centre=True)
    page.text(148.5, 67, "（副本）", 6, SERIF, centre=True)
    page.text(25, 38, "统一社会信用代码", 4.4, SANS_BOLD)
    page.text(25, 45, unit.number, 5.2, SANS)
    _code(page, 238, 30, 26, coded)
    rows = [("名　　称", unit.name), ("类　　型", unit.kind), ("法定代表人", unit.legal_person), ("经营范围", _SCOPE)]
    others = [("注册资本", "叁佰万元整"), ("成立日期", f"{unit.established:%Y年%m月%d日}"), ("住　　所", unit.address)]
    if unit.until:
        others.insert(2, ("营业期限", f"{unit.established:%Y年%m月%d日}至{unit.until}"))
    for x, pairs, wrap in ((26, rows, 100), (164, others, 82)):
        y = 84.0
        for label, value in pairs:
            page.text(x, y, label, 4.4, SANS_BOLD)
            y = max(page.text(x + 29, y, value, 3.6 if value is _SCOPE else 4.6, SERIF, wrap=wrap), y + 8) + 4.5
    page.text(180, 160, "登记机关", 5.6, SERIF_BOLD, spread=2)
    page.text(194, 178, f"{unit.established:%Y 年 %m 月 %d 日}", 4.6, SERIF)
    page.seal(226, 168, "南京市示例区市场监督管理局")
    page.text(28, 200, "国家企业信用信息公示系统网址：http://www.gsxt.gov.cn", 2.8, SERIF)
    page.text(204, 200, "国家市场监督管理总局监制", 2.8, SERIF)
    return page.image


def _licence_portrait(unit: Unit, coded: str) -> Image.Image:
    page = Sheet(210, 297, 7.5, (252, 250, 244))
    page.frame(9, GOLD, 2.0)
    page.star(105, 40, 12)
    page.text(105, 58, "营业执照", 17, SERIF_BOLD, spread=5, centre=True)
    page.text(105, 83, "（副　本）", 6, SERIF, centre=True)
    page.text(92, 95, f"统一社会信用代码 {unit.number}", 4.2, SANS)
    y = 108.0
    rows = [
        ("名　　称", unit.name),
        ("类　　型", unit.kind),
        ("住　　所", unit.address),
        ("法定代表人", unit.legal_person),
        ("注册资本", "叁佰万元整"),
        ("成立日期", f"{unit.established:%Y年%m月%d日}"),
        ("营业期限", f"{unit.established:%Y年%m月%d日}至{unit.until or '长期'}"),
        ("经营范围", _SCOPE),
    ]
    for label, value in rows:
        page.text(30, y, label, 4.8, SANS_BOLD)
        y = page.text(64, y, value, 3.8 if value is _SCOPE else 4.6, SERIF, wrap=112) + 4.2
    page.text(96, 250, "登记机关", 5.4, SERIF_BOLD, spread=2)
    page.seal(158, 252, "南京市示例区市场监督管理局")
    page.text(136, 268, f"{unit.established:%Y 年 %m 月 %d 日}", 4.4, SERIF)
    _code(page, 32, 244, 26, coded)
    return page.image


_SCOPE = (
    "技术服务、技术开发、技术咨询、技术交流；软件开发；信息系统集成服务；广告设计、代理；会议及展览服务；"
    "计算机软硬件及辅助设备零售。（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
)


def _code(page: Sheet, x: float, y: float, side: float, says: str) -> None:
    """A QR code with its top left at (x, y)."""
    rows = segno.make(says, micro=False).matrix
    cell = side / len(rows) * page.dots
    for row, modules in enumerate(rows):
        for column, dark in enumerate(modules):
            if dark:
                left, top = x * page.dots + column * cell, y * page.dots + row * cell
                page.pen.rectangle((left, top, left + cell, top + cell), fill=INK)
