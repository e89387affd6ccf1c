"""Every layout of this folder, by kind: a file that has a `LAYOUT` is known."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from verify_svc.document import layouts
from verify_svc.document.layouts.layout import Layout


def _found() -> dict[str, Layout]:
    modules = (import_module(f"{layouts.__name__}.{found.name}") for found in pkgutil.iter_modules(layouts.__path__))
    known = [module.LAYOUT for module in modules if hasattr(module, "LAYOUT")]
    return {layout.kind: layout for layout in known}


LAYOUTS: Mapping[str, Layout] = MappingProxyType(_found())
