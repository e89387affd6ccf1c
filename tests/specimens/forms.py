"""Draws made-up forms as people bring them: printed in several layouts, signed, sealed and dated by hand."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from tests.specimens.hand import Floats, handwriting
from tests.specimens.papers import (
    INK,
    RED,
    SANS,
    SANS_BOLD,
    SERIF,
    SERIF_BOLD,
    Person,
    Sheet,
    Unit,
    some_person,
    some_unit,
)
from tests.specimens.photographs import Shot, photograph
from tests.specimens.stamps import name_stamp, round_seal

FORM_FAULTS = ("no_seal", "no_signature", "no_date", "printed_signature", "stamped_signature", "other_seal")
PENS = {"black": (28, 28, 34), "blue": (34, 44, 128)}
GREY = (96, 96, 96)


@dataclass(frozen=True, slots=True)
class Filled:
    """One form: whose it is, what is wrong with it and how it looks. Without a unit it is an individual's.

    `look` chooses among printed layouts, `over` lays the seal over the signature, `date_print` prints the words of
    the date, so that digits alone are written.
    """

    kind: str = "verification_form"
    unit: Unit | None = field(default_factory=Unit)
    person: Person = field(default_factory=Person)
    domain: str = "example.com"
    day: dt.date = dt.date(2026, 11, 20)
    fault: str = ""
    seed: int = 1
    look: int = 0
    pen: str = "black"
    seal_ink: tuple[int, int, int] = RED
    seal_turn_deg: float = 8.0
    seal_code: str = ""
    over: bool = False
    date_print: bool = False


def some_form(seed: int, kind: str = "verification_form", fault: str = "", unit: bool = True) -> Filled:
    """One of many forms."""
    dice = np.random.default_rng(seed)
    day = dt.date(2026, 1, 5) + dt.timedelta(days=int(dice.integers(0, 340)))
    return Filled(
        kind=kind,
        unit=some_unit(seed) if unit else None,
        person=some_person(seed),
        domain=f"shili{int(dice.integers(10, 999))}." + str(dice.choice(["com", "cn", "com.cn", "net"])),
        day=day,
        fault=fault,
        seed=seed,
        look=int(dice.integers(0, 4)),
        pen=str(dice.choice(list(PENS))),
        seal_ink=RED if dice.random() < 0.75 else (150 + int(dice.integers(0, 60)), 20, 40),
        seal_turn_deg=float(dice.uniform(-40, 40)),
        seal_code=str(int(dice.integers(10**12, 10**13))) if dice.random() < 0.5 else "",
        over=bool(dice.random() < 0.4),
        date_print=bool(dice.random() < 0.5),
    )


def verification_form(unit: Unit, person: Person, day: dt.date = dt.date(2026, 11, 20)) -> Image.Image:
    """核验单, signed and sealed."""
    return draw_form(Filled("verification_form", unit, person, day=day, seed=3))


def commitment_letter(unit: Unit, person: Person, day: dt.date = dt.date(2026, 11, 20)) -> Image.Image:
    """承诺书, signed and sealed."""
    return draw_form(Filled("commitment_letter", unit, person, day=day, seed=4))


def draw_form(filled: Filled) -> Image.Image:
    """The form laid flat."""
    dice = np.random.default_rng(filled.seed)
    page = Sheet(210, 297, 7, (252, 252, 250))
    y = _checklist(page, filled) if filled.kind == "verification_form" else _letter(page, filled)
    _signed(page, filled, y, dice)
    return page.image


_TITLES = {
    "verification_form": ("网站备案信息真实性核验单", "网站备案信息真实性核验单", "互联网信息服务备案核验单"),
    "commitment_letter": ("网站备案承诺书", "承诺书", "网站备案信息真实性承诺书"),
    "authorisation_letter": ("授权书", "授权委托书", "网站备案授权书"),
    "security_agreement": ("信息安全管理协议", "网站信息安全管理协议", "网络信息安全管理协议书"),
    "domain_certificate": ("域名注册证书", "顶级国际域名证书", "域名证书"),
}


def _checklist(page: Sheet, filled: Filled) -> float:
    unit, person, sans = filled.unit, filled.person, filled.look % 2
    page.text(105, 20, _title(filled), 8, SANS_BOLD if sans else SERIF_BOLD, centre=True)
    owner = unit.name if unit else person.name
    number = f"营业执照 {unit.number}" if unit else f"居民身份证 {person.number}"
    labels = (
        ("主办单位名称" if unit else "主办者名称", "证件类型及号码", "网站域名", "网站负责人", "负责人证件号码"),
        ("主办者名称", "主体证件号码", "域名", "网站负责人姓名", "网站负责人证件号码"),
        ("网站主办者名称", "统一社会信用代码" if unit else "身份证号码", "网站域名", "负责人", "身份证号码"),
    )[filled.look % 3]
    values = (owner, number if filled.look % 3 == 0 else number.split()[1], filled.domain, person.name, person.number)
    rows = [
        *zip(labels, values, strict=True),
        ("核验地点", "示例区望江大道66号"),
        ("核验结论", "以上信息经核验真实、准确、完整。"),
    ]
    y, high = 42.0, 13.0 + filled.look % 3
    for label, value in rows:
        page.pen.rectangle((20 * 7, y * 7, 190 * 7, (y + high) * 7), outline=INK, width=3)
        page.pen.line((66 * 7, y * 7, 66 * 7, (y + high) * 7), fill=INK, width=3)
        page.text(22, y + 4, label, 4.4, SANS_BOLD if sans else SERIF_BOLD)
        page.text(70, y + 4, value, 4.6, SANS if sans else SERIF)
        y += high
    page.text(22, y + 6, "本人承诺以上填报信息真实有效，并愿意承担相应的法律责任。", 4.4, SANS if sans else SERIF)
    return y + 36


def _letter(page: Sheet, filled: Filled) -> float:
    unit, person, font = filled.unit, filled.person, SANS if filled.look % 2 else SERIF
    page.text(105, 26, _title(filled), 9, SERIF_BOLD, spread=1, centre=True)
    we = "我单位" if unit else "本人"
    owner = unit.name if unit else person.name
    number = f"统一社会信用代码：{unit.number}" if unit else f"身份证号码：{person.number}"
    bodies = {
        "commitment_letter": f"　　{we}就网站 {filled.domain} 办理备案，承诺如下：所提交的备案信息真实、准确、完整，"
        "变更时及时更新；遵守国家有关互联网信息服务的法律法规，不发布违法信息；如有违反，愿承担由此产生的一切法律责任。特此承诺。",
        "authorisation_letter": f"　　兹授权{person.name}（身份证号码：{person.number}）作为{owner}网站"
        f"{filled.domain}的网站负责人，办理网站备案及后续管理事宜。授权期限自签署之日起一年。被授权人无转委托权。",
        "security_agreement": f"　　{we}运营网站 {filled.domain}，承诺遵守网络安全法及互联网信息服务管理办法，"
        "落实信息安全管理责任，不制作、复制、发布违法信息，建立信息审核和应急处置制度，并配合主管部门的监督检查。",
        "domain_certificate": f"　　兹证明域名 {filled.domain} 由 {owner} 注册并持有。",
    }
    page.text(26, 46, f"{'单位名称' if unit else '姓名'}：{owner}", 4.8, font)
    page.text(26, 55, number, 4.8, font)
    return page.text(26, 68, bodies[filled.kind], 5, font, wrap=158, pitch=1.9) + 26


def _title(filled: Filled) -> str:
    titles = _TITLES[filled.kind]
    return titles[filled.look % len(titles)]


def _signed(page: Sheet, filled: Filled, y: float, dice: np.random.Generator) -> None:
    sign = ("网站负责人签字：", "负责人签字：", "负责人（签字）：", "法定代表人或负责人签字：")[filled.look]
    who, pen = filled.person.name, PENS[filled.pen]
    left = 24 + 4.6 * len(sign) + 3
    page.text(24, y, sign, 4.6, SERIF)
    if filled.look % 2:
        page.pen.line((left * 7, (y + 6.5) * 7, (left + 42) * 7, (y + 6.5) * 7), fill=INK, width=2)
    if filled.fault == "printed_signature":
        page.text(left + 3, y, who, 4.6, SERIF)
    elif filled.fault == "stamped_signature":
        lay_ink(page, name_stamp(who, page.dots, dice), left + 4, y - 6, RED)
    elif filled.fault != "no_signature":
        high = float(dice.uniform(8, 13))
        lay_ink(page, handwriting(who, round(high * 7), dice, dice.uniform(3, 5)), left - 2, y + 2 - high, pen)
    _dated(page, filled, y + 17, dice)
    if filled.unit is None or filled.kind == "domain_certificate":
        return
    page.text(122, y, ("单位盖章：", "单位（盖章）：", "（单位公章）", "主办单位盖章：")[filled.look], 4.6, SERIF)
    if filled.fault != "no_seal":
        name = some_unit(filled.seed + 77).name if filled.fault == "other_seal" else filled.unit.name
        seal = round_seal(name, page.dots, dice, turn_deg=filled.seal_turn_deg, code=filled.seal_code)
        x = left + 12 if filled.over else float(dice.uniform(132, 150))
        lay_ink(page, seal * float(dice.uniform(0.75, 0.95)), x, y - 18 + float(dice.uniform(0, 12)), filled.seal_ink)


def _dated(page: Sheet, filled: Filled, y: float, dice: np.random.Generator) -> None:
    day, pen = filled.day, PENS[filled.pen]
    page.text(24, y, "日期：", 4.6, SERIF)
    written = filled.fault != "no_date"
    if filled.date_print:
        for x, part, word in ((40, f"{day.year}", "年"), (66, f"{day.month}", "月"), (84, f"{day.day}", "日")):
            if written:
                lay_ink(page, handwriting(part, 40, dice, 3), x - 2, y - 2.5, pen)
            page.text(x + (16 if word == "年" else 9), y, word, 4.6, SERIF)
    elif written:
        text = (f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}")[filled.look % 2]
        lay_ink(page, handwriting(text, 42, dice, 3), 38, y - 3, pen)


def lay_ink(page: Sheet, coverage: Floats, x_mm: float, y_mm: float, colour: tuple[int, int, int]) -> None:
    """Lay ink on the paper: what is beneath shows through where the coverage is thin."""
    pixels = np.asarray(page.image, np.float32).copy()
    left, top = round(x_mm * page.dots), round(y_mm * page.dots)
    high = min(coverage.shape[0], pixels.shape[0] - top)
    wide = min(coverage.shape[1], pixels.shape[1] - left)
    part = pixels[top : top + high, left : left + wide]
    cover = coverage[:high, :wide, None]
    laid = part * (1 - cover) + np.minimum(part, np.array(colour, np.float32)) * cover
    pixels[top : top + high, left : left + wide] = laid
    page.image.paste(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)))


def in_grey(paper: Image.Image) -> Image.Image:
    """The same as a printer without colours gives it."""
    grey = cv2.cvtColor(np.asarray(paper), cv2.COLOR_RGB2GRAY)
    return Image.fromarray(grey).convert("RGB")


def without(filled: Filled, fault: str) -> Filled:
    """The same form with that fault."""
    return replace(filled, fault=fault)


def write_set(folder: Path, count: int) -> None:
    """Photographs of many forms with their labels, to be measured: `python -m tests.specimens.forms FOLDER COUNT`."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for seed in range(1000, 1000 + count):
        dice = np.random.default_rng(seed)
        fault = str(dice.choice(["", "", "", *FORM_FAULTS, "copy"]))
        unit = bool(dice.random() < 0.8) or fault in ("no_seal", "other_seal", "copy")
        kinds = ["verification_form", "commitment_letter", "security_agreement", *(["authorisation_letter"] * unit)]
        filled = some_form(seed, str(dice.choice(kinds)), "" if fault == "copy" else fault, unit)
        shot = Shot(
            "copy" if fault == "copy" else "",
            seed=seed,
            long_side_px=int(dice.choice([1700, 2000, 2600])),
            fill=float(dice.uniform(0.72, 0.92)),
            turn_deg=int(dice.choice([0, 0, 0, 90, 180, 270])),
            lean_deg=float(dice.uniform(0, 5)),
            slant=float(dice.uniform(0.01, 0.045)),
            table=tuple(int(value) for value in dice.integers(40, 180, 3)),  # type: ignore[arg-type]  # three of them
            quality=int(dice.integers(70, 93)),
        )
        rows.append(keep_photograph(folder, filled, fault, photograph(draw_form(filled), shot)))
    write_labels(folder, rows)


def keep_photograph(folder: Path, filled: Filled, fault: str, data: bytes) -> tuple[str, ...]:
    """Write the photograph of a form into the folder; gives its row of the labels."""
    name = f"{filled.seed}-{filled.kind}-{fault or 'good'}.jpg"
    (folder / name).write_bytes(data)
    owner = filled.unit or filled.person
    date = "" if fault == "no_date" else filled.day.isoformat()
    who = ("individual" if filled.unit is None else "unit", owner.name, owner.number)
    return (name, filled.kind, *who, filled.person.name, filled.person.number, filled.domain, date, fault)


def write_labels(folder: Path, rows: Sequence[tuple[str, ...]]) -> None:
    """The folder's labels.csv, as the benches read it."""
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as table:
        heads = ("file", "kind", "subject", "name", "number", "person", "person_number", "domains", "date", "fault")
        csv.writer(table).writerows([heads, *rows])


if __name__ == "__main__":
    write_set(Path(sys.argv[1]), int(sys.argv[2]))
