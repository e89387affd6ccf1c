"""QR codes as SVG: black on white, whole-pixel modules, the quiet zone that scanners need."""

from __future__ import annotations

from io import BytesIO

import segno

QUIET_ZONE_MODULES = 4  # ISO/IEC 18004
MIN_SIDE_PX = 232  # the hand-off page's smallest code, quiet zone not counted


def qr_svg(text: str) -> str:
    """`text` as the markup of an SVG picture whose modules are a whole number of pixels wide.

    >>> qr_svg("https://verify.example/m/#x").startswith("<svg")
    True
    """
    code = segno.make(text, error="m", micro=False)
    modules, _ = code.symbol_size(scale=1, border=0)
    scale_px = -(-MIN_SIDE_PX // modules)
    out = BytesIO()
    code.save(
        out, kind="svg", scale=scale_px, border=QUIET_ZONE_MODULES, dark="#000", light="#fff", xmldecl=False, nl=False
    )
    return out.getvalue().decode()


def qr_png(text: str) -> bytes:
    """`text` as a PNG picture, 8 pixels a module."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=8, border=QUIET_ZONE_MODULES)
    return out.getvalue()
