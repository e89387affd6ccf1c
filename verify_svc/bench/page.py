"""Pages that hold what was measured: a section for each part, rewritten when its part is measured anew."""

from __future__ import annotations

import re
from pathlib import Path


def put_section(page: Path, head: str, part: str, text: str) -> None:
    """Put `text` in place of the part's section; a page that isn't there begins with `head`."""
    begin, end = f"<!-- {part} -->", f"<!-- /{part} -->"
    section = f"{begin}\n{text.strip()}\n{end}"
    before = page.read_text(encoding="utf-8") if page.exists() else head
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    after = pattern.sub(lambda _: section, before) if pattern.search(before) else f"{before.rstrip()}\n\n{section}\n"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(after, encoding="utf-8")
