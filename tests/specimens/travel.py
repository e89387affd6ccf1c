"""Draws made-up passports, permits, temporary cards and household pages; see `papers` for how."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from PIL import Image

from tests.specimens.papers import BLUE, INK, RED, SANS, SANS_BOLD, SERIF, SERIF_BOLD, Person, Sheet, draw_portrait
from verify_svc.certificate.mrz import check_digit

MONO = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
LATIN = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True, slots=True)
class Traveller:
    """A made-up holder of a passport."""

    surname: str = "ERIKSSON"
    given: str = "ANNA MARIA"
    han: str = ""
    sex: str = "F"
    state: str = "UTO"
    nationality: str = "UTOPIAN"
    number: str = "L898902C3"
    born: dt.date = dt.date(1990, 3, 7)
    expires: dt.date = dt.date(2031, 4, 8)
    optional: str = ""

    @property
    def zone(self) -> tuple[str, str]:
        """The two lines of the machine-readable zone (ICAO 9303-4)."""
        names = f"P<{self.state:<<3}{self.surname.replace(' ', '<')}<<{self.given.replace(' ', '<')}"
        number = f"{self.number:<<9}"
        born, ends = f"{self.born:%y%m%d}", f"{self.expires:%y%m%d}"
        optional = f"{self.optional:<<14}"
        own = check_digit(optional) if self.optional else "<"
        head, middle = number + check_digit(number), born + check_digit(born)
        tail = ends + check_digit(ends) + optional + own
        data = head + f"{self.state:<<3}" + middle + self.sex + tail
        return f"{names:<<44}"[:44], data + check_digit(head + middle + tail)


def passport(
    holder: Traveller, zone: tuple[str, str] | None = None, portrait: Image.Image | None = None
) -> Image.Image:
    """The data page, 125 × 88 mm, of a foreign passport, or a Chinese one where the holder has a name in characters."""
    chinese = bool(holder.han)
    page = Sheet(125, 88, 14, (240, 236, 244) if chinese else (236, 242, 238))
    for step in range(0, 90, 2):
        page.pen.arc((step * 26 - 500, -700, step * 26 + 1300, 1500), 40, 320, fill=(226, 220, 236), width=2)
    page.text(
        6, 4, "中华人民共和国　护照　PASSPORT" if chinese else "UTOPIA   PASSPORT / PASSEPORT", 4.2, SANS_BOLD, BLUE
    )
    page.text(6, 10, "PEOPLE'S REPUBLIC OF CHINA" if chinese else "", 2.6, SANS, BLUE)
    draw_portrait(page, portrait, (6, 16, 36, 58))
    both = "{}/{}" if chinese else "{1}"
    rows = [
        (42, 15, both.format("类型", "Type"), "P"),
        (62, 15, both.format("国家码", "Country Code"), holder.state),
        (88, 15, both.format("护照号", "Passport No."), holder.number),
        (42, 25, both.format("姓名", "Name" if chinese else "Surname"), holder.han or holder.surname),
        (42, 39, both.format("性别", "Sex"), ("女/F" if holder.sex == "F" else "男/M") if chinese else holder.sex),
        (62, 39, both.format("国籍", "Nationality"), "中国/CHINESE" if chinese else holder.nationality),
        (92, 39, both.format("出生日期", "Date of birth"), _day(holder.born)),
        (42, 48, both.format("出生地点", "Place of birth"), "江苏/JIANGSU" if chinese else "ZENITH"),
        (92, 48, both.format("签发日期", "Date of issue"), _day(holder.expires.replace(year=holder.expires.year - 10))),
        (92, 57, both.format("有效期至", "Date of expiry"), _day(holder.expires)),
        (42, 57, both.format("签发机关", "Authority"), "公安部出入境管理局" if chinese else "PASSPORT OFFICE"),
    ]
    if not chinese:
        rows.append((42, 32, "Given names", holder.given))
    for x, y, label, value in rows:
        page.text(x, y, label, 1.9, SANS, (110, 110, 124))
        page.text(x, y + 2.5, value, 3.1, SANS if chinese else LATIN)
    if chinese:
        page.text(42, 32.2, f"{holder.surname},{holder.given.replace(' ', '')}", 3.1, LATIN)
    for row, line in enumerate(zone or holder.zone):
        page.text(5, 69 + 7.5 * row, line, 4.2, MONO, spread=0.14)
    return page.image


def _day(day: dt.date) -> str:
    return f"{day.day:02d} {_MONTHS[day.month - 1]} {day.year}"


def travel_permit(
    person: Person, number: str = "H10199402", latin: str = "LIN, ZHIXIA", ends: dt.date = dt.date(2031, 4, 8)
) -> Image.Image:
    """港澳居民来往内地通行证 (numbers of H and M) or 台湾居民来往大陆通行证, the side with the portrait."""
    card = Sheet(85.6, 54, 18, (228, 238, 236))
    for step in range(0, 60, 2):
        card.pen.arc((step * 28 - 400, -300, step * 28 + 900, 1400), 60, 300, fill=(210, 226, 222), width=2)
    taiwan = number.isdigit()
    card.text(
        43,
        3,
        "台湾居民来往大陆通行证" if taiwan else "港澳居民来往内地通行证",
        4.4,
        SERIF_BOLD,
        BLUE,
        spread=0.6,
        centre=True,
    )
    draw_portrait(card, None, (4.5, 12, 24, 40))
    begins = ends.replace(year=ends.year - (5 if taiwan else 10))
    for x, y, label, value in (
        (28, 11, "姓名", person.name),
        (28, 21.5, "出生日期", f"{person.born:%Y.%m.%d}"),
        (62, 21.5, "性别", person.sex),
        (28, 28, "有效期限", f"{begins:%Y.%m.%d}-{ends:%Y.%m.%d}"),
        (28, 34.5, "签发机关", "中华人民共和国出入境管理局"),
        (28, 41, "证件号码", number),
        (62, 41, "签发次数" if taiwan else "换证次数", "01"),
    ):
        card.text(x, y, label, 2.2, SANS, BLUE)
        card.text(x + 2.2 * len(label) + 2, y - 0.4, value, 2.9, SANS)
    card.text(34.4, 15.5, latin, 2.9, LATIN)
    return card.image


def travel_permit_back(number: str = "H10199402", own: str = "Z683365(5)", latin: str = "LIN, ZHIXIA") -> Image.Image:
    """The other side: the holder's name and number at home, and a zone of three lines (ICAO 9303-5)."""
    card = Sheet(85.6, 54, 18, (232, 236, 228))
    for step in range(0, 60, 2):
        card.pen.arc((step * 26 - 300, -500, step * 26 + 800, 1200), 40, 320, fill=(214, 222, 206), width=2)
    card.text(8, 8, "姓名", 2.2, SANS, BLUE)
    card.text(16, 7.6, latin, 2.9, LATIN)
    card.text(8, 14, "港澳证件号码", 2.2, SANS, BLUE)
    card.text(24, 13.6, own, 2.9)
    taiwan = number.isdigit()
    head = f"C{'T' if taiwan else 'R'}{number}{check_digit(number)}"
    data = f"900307{check_digit('900307')}F310408{check_digit('310408')}CHN"
    names = latin.replace(", ", "<<")
    for row, line in enumerate((f"{head:<<30}", f"{data:<<29}0", f"{names:<<30}")):
        card.text(5, 33 + 6 * row, line, 3.9, MONO, spread=0.16)
    return card.image


def residence_permit(person: Person) -> Image.Image:
    """港澳居民居住证 or 台湾居民居住证, the side with the portrait: the person's county is 810000, 820000 or 830000."""
    card = Sheet(85.6, 54, 18, (226, 240, 238))
    for step in range(0, 60, 2):
        card.pen.arc((step * 28 - 400, -300, step * 28 + 900, 1400), 60, 300, fill=(206, 228, 224), width=2)
    for y, label in ((7, "姓名"), (14.6, "性别"), (21.8, "出生"), (29, "住址")):
        card.text(5.2, y, label, 2.6, SANS, BLUE, spread=0.4)
    card.text(14.6, 6.4, person.name, 3.6, SANS, spread=0.5)
    card.text(14.6, 14.3, person.sex, 3.0)
    card.text(14.6, 21.5, f"{person.born.year} 年 {person.born.month} 月 {person.born.day} 日", 3.0)
    card.text(14.6, 28.8, person.address, 3.0, wrap=38)
    card.text(5.2, 45.4, "公民身份号码", 2.6, SANS, BLUE)
    card.text(29.5, 44.8, person.number, 3.6, SANS_BOLD, spread=0.35)
    draw_portrait(card, None, (58, 6.5, 80, 39))
    return card.image


def residence_permit_emblem(
    begins: dt.date = dt.date(2023, 4, 9), permit: str = "H10199402", place: str = "港澳"
) -> Image.Image:
    """The other side, with the title."""
    card = Sheet(85.6, 54, 18, (232, 242, 240))
    for step in range(0, 60, 2):
        card.pen.arc((step * 26 - 200, -700, step * 26 + 900, 900), 20, 340, fill=(212, 230, 226), width=2)
    card.star(13, 12, 6)
    card.text(50, 5, "中华人民共和国", 4.4, SERIF_BOLD, spread=1.0, centre=True)
    card.text(50, 13.5, f"{place}居民居住证", 6.4, SERIF_BOLD, spread=1.2, centre=True)
    for y, label, value in (
        (31, "签发机关", "南京市公安局示例分局"),
        (37.5, "有效期限", f"{begins:%Y.%m.%d}-{begins.replace(year=begins.year + 5):%Y.%m.%d}"),
        (44, "通行证号码", permit),
    ):
        card.text(18, y, label, 2.5, SANS_BOLD, spread=0.2)
        card.text(35, y - 0.3, value, 3.0)
    card.text(62, 44, "签发次数", 2.5, SANS_BOLD)
    card.text(75, 43.7, "1", 3.0)
    return card.image


def temporary_id_card(person: Person, begins: dt.date = dt.date(2026, 10, 9), titled: bool = False) -> Image.Image:
    """临时居民身份证: everything on one side; `titled` prints the title on it too."""
    card = Sheet(85.6, 54, 18, (238, 238, 232))
    if titled:
        card.text(30, 1.2, "中华人民共和国临时居民身份证", 2.6, SERIF_BOLD, spread=0.2, centre=True)
    rows = (
        (5.4, "姓名", person.name),
        (11.4, "性别", person.sex),
        (17.4, "出生", f"{person.born.year}年{person.born.month}月{person.born.day}日"),
        (23.4, "住址", person.address),
    )
    for y, label, value in rows:
        card.text(5.2, y, label, 2.5, SANS, INK, spread=0.4)
        card.text(14.6, y - 0.2, value, 2.9, SANS, wrap=40, pitch=1.25)
    card.text(26, 11.4, "民族", 2.5, SANS, INK, spread=0.4)
    card.text(33.5, 11.2, person.people, 2.9)
    ends_month = begins.month + 3
    ends = begins.replace(year=begins.year + (ends_month - 1) // 12, month=(ends_month - 1) % 12 + 1)
    card.text(5.2, 33.6, "签发机关", 2.5)
    card.text(19, 33.4, "南京市公安局示例分局", 2.9)
    card.text(5.2, 39.4, "有效期限", 2.5)
    card.text(19, 39.2, f"{begins:%Y.%m.%d}-{ends:%Y.%m.%d}", 2.9)
    card.text(5.2, 46.2, "公民身份号码", 2.6)
    card.text(29.5, 45.6, person.number, 3.6, SANS_BOLD, spread=0.35)
    draw_portrait(card, None, (60, 6.5, 80, 34))
    return card.image


def temporary_id_card_title() -> Image.Image:
    """The other side of a temporary card: its title."""
    card = Sheet(85.6, 54, 18, (238, 238, 232))
    for step in range(0, 60, 2):
        card.pen.arc((step * 28 - 400, -300, step * 28 + 900, 1400), 60, 300, fill=(222, 224, 212), width=2)
    card.text(42.8, 14, "中华人民共和国", 5, SERIF_BOLD, spread=1.2, centre=True)
    card.text(42.8, 26, "临时居民身份证", 7, SERIF_BOLD, spread=1.4, centre=True)
    return card.image


def household_page(person: Person, registered: dt.date = dt.date(2015, 9, 14), above: float = 0.0) -> Image.Image:
    """常住人口登记卡: the holder's page of a household register, 143 × 105 mm; its values stand `above` their labels by
    so many millimetres.
    """
    page = Sheet(143, 105, 12, (246, 240, 226))
    page.text(71, 5, "常住人口登记卡", 5.6, SERIF_BOLD, RED, spread=1.2, centre=True)
    cells = [
        [("姓　　名", person.name, 34), ("户主或与户主关系", "户主", 24)],
        [("曾 用 名", "", 34), ("性　　别", person.sex, 24)],
        [("出 生 地", "江苏省南京市示例区", 34), ("民　　族", person.people, 24)],
        [
            ("籍　　贯", "江苏省南京市", 34),
            ("出生日期", f"{person.born.year}年{person.born.month}月{person.born.day}日", 24),
        ],
        [("本市（县）其他住址", "", 34), ("宗教信仰", "", 24)],
        [("公民身份证件编号", person.number, 34), ("身高", "165", 12), ("血型", "A", 12)],
        [("文化程度", "大学本科", 34), ("婚姻状况", "未婚", 12), ("兵役状况", "", 12)],
        [("服务处所", "南京青梧示例科技有限公司", 34), ("职业", "职员", 24)],
    ]
    y = 14.0
    for row in cells:
        x = 6.0
        share = 131 / sum(width + 24 for _, _, width in row)
        for label, value, width in row:
            label_w, value_w = 24 * share, width * share
            for left, wide in ((x, label_w), (x + label_w, value_w)):
                box = [round(v * page.dots) for v in (left, y, left + wide, y + 8.4)]
                page.pen.rectangle(box, outline=(150, 110, 90), width=2)
            page.text(x + 1.2, y + 2.6, label, min(2.9, (label_w - 2) / max(4, len(label))), SERIF)
            page.text(x + label_w + 1.5, y + 2.3 - above, value, 3.2, SANS)
            x += label_w + value_w
        y += 8.4
    page.seal(46, y + 6, "示例公安局户口专用章", radius=10)
    page.text(10, y + 6, "承办人签章：", 3, SERIF)
    page.text(76, y + 6, f"登记日期：{registered.year}年{registered.month}月{registered.day}日", 3, SERIF)
    return page.image


def both_sides(portrait: Image.Image, emblem: Image.Image, below: bool = True) -> Image.Image:
    """Both sides of a card on one sheet, under one another or side by side, as people lay them under a camera."""
    gap = portrait.width // 12
    if below:
        size = (portrait.width + 2 * gap, 2 * portrait.height + 3 * gap)
        places = ((gap, gap), (gap, portrait.height + 2 * gap))
    else:
        size = (2 * portrait.width + 3 * gap, portrait.height + 2 * gap)
        places = ((portrait.width + 2 * gap, gap), (gap, gap))
    sheet = Image.new("RGB", size, (84, 96, 112))
    for card, place in zip((portrait, emblem), places, strict=True):
        sheet.paste(card, place)
    return sheet
