"""Photographs of the forms that the service prints: signed, sealed and dated by hand, or with a fault."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image

from tests.specimens.forms import (
    FORM_FAULTS,
    PENS,
    Filled,
    in_grey,
    keep_photograph,
    lay_ink,
    some_form,
    write_labels,
)
from tests.specimens.hand import handwriting
from tests.specimens.papers import RED, SERIF, Sheet, some_unit
from tests.specimens.photographs import Shot, photograph
from tests.specimens.stamps import name_stamp, round_seal
from verify_svc.certificate.kinds import FormKind
from verify_svc.form.code import find_code
from verify_svc.form.layout import LEFT, Layout, lay_out
from verify_svc.form.printing import print_form
from verify_svc.session.filing import Certificate, Expected, Filing, Person, Site, Subject

SESSION = "vs_0123456789abcdefghijklmn"
DOTS = 7
"""Pixels a millimetre."""


def entered(filled: Filled) -> Expected:
    """The filing for which the form is printed."""
    person = Person(filled.person.name, Certificate("id_card", filled.person.number), "13800000000")
    if filled.unit is None:
        subject = Subject("individual", filled.person.name, Certificate("id_card", filled.person.number))
    else:
        subject = Subject("unit", filled.unit.name, Certificate("business_licence", filled.unit.number))
    return Expected(Filing("new_subject", filled.day), subject, Site("示例网站", (filled.domain,)), person)


def draw_printed(filled: Filled, expected: Expected | None = None) -> Image.Image:
    """The printed form of one page with what is written and stamped on it."""
    (page,) = draw_pages(filled, expected)
    return page


def draw_pages(filled: Filled, expected: Expected | None = None) -> list[Image.Image]:
    """The same of as many pages as it takes: the last is signed, sealed and dated."""
    pdf = print_form(FormKind(filled.kind), SESSION, expected or entered(filled))
    sheets = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            sheet = Sheet(210, 297, DOTS, (255, 255, 255))
            printed = page.render(scale=DOTS * 25.4 / 72).to_pil().convert("RGB")
            sheet.image.paste(printed.resize(sheet.image.size))
            sheets.append(sheet)
    found = find_code(np.ascontiguousarray(np.asarray(sheets[-1].image)[:, :, ::-1]))
    if found is None:
        raise AssertionError("a printed form has its code")
    layout = lay_out(found[0].lines[:-1], found[0].lines[-1], found[0].setting)
    _sign(sheets[-1], filled, layout, np.random.default_rng(filled.seed))
    return [in_grey(sheet.image) if filled.fault == "copy" else sheet.image for sheet in sheets]


def _sign(sheet: Sheet, filled: Filled, layout: Layout, dice: np.random.Generator) -> None:
    who, pen, left = filled.person.name, PENS[filled.pen], LEFT + 40.0
    high = float(dice.uniform(8, 12))
    if filled.fault == "printed_signature":
        sheet.text(left, layout.foot + 1.5, who, 4.2, SERIF)
    elif filled.fault == "stamped_signature":
        lay_ink(sheet, name_stamp(who, DOTS, dice), left, layout.foot - 6, RED)
    elif filled.fault != "no_signature":
        ink = handwriting(who, round(high * DOTS), dice, dice.uniform(3, 5))
        lay_ink(sheet, ink, left - 2, layout.foot + 4 - high, pen)
    if filled.fault != "no_date":
        day = filled.day
        text = (f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}")[filled.look % 2]
        lay_ink(sheet, handwriting(text, 42, dice, 3), LEFT + 16, layout.date - 1, pen)
    if filled.unit is not None and filled.fault != "no_seal":
        name = some_unit(filled.seed + 77).name if filled.fault == "other_seal" else filled.unit.name
        seal = round_seal(name, DOTS, dice, turn_deg=filled.seal_turn_deg, code=filled.seal_code)
        x = left + 6 if filled.over else float(dice.uniform(126, 142))
        lay_ink(
            sheet, seal * float(dice.uniform(0.75, 0.95)), x, layout.foot - float(dice.uniform(4, 22)), filled.seal_ink
        )


def write_set(folder: Path, count: int) -> None:
    """Photographs of many with their labels, to be measured: `python -m tests.specimens.printed FOLDER COUNT`."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for seed in range(3000, 3000 + count):
        dice = np.random.default_rng(seed)
        fault = str(dice.choice(["", "", "", "", *FORM_FAULTS, "copy"]))
        unit = bool(dice.random() < 0.8) or fault in ("no_seal", "other_seal", "copy")
        kinds = ["verification_form", "commitment_letter", "security_agreement", *(["authorisation_letter"] * unit)]
        filled = replace(some_form(seed, str(dice.choice(kinds)), fault, unit), date_print=False)
        shot = Shot(
            "copy" if fault == "copy" else "",
            seed=seed,
            long_side_px=int(dice.choice([1700, 2000, 2600, 3200])),
            fill=float(dice.uniform(0.72, 0.92)),
            turn_deg=int(dice.choice([0, 0, 0, 90, 180, 270])),
            lean_deg=float(dice.uniform(0, 5)),
            slant=float(dice.uniform(0.01, 0.045)),
            quality=int(dice.integers(70, 93)),
        )
        rows.append(keep_photograph(folder, filled, fault, photograph(draw_printed(filled), shot)))
    write_labels(folder, rows)


if __name__ == "__main__":
    write_set(Path(sys.argv[1]), int(sys.argv[2]))
