"""A result folder of a fake study, for tests of briefs."""

import dataclasses
from pathlib import Path
from types import SimpleNamespace

from PIL import Image

from experiments.analysis.opened import spec_of
from experiments.store import manifest
from report.pages.comparison.write import write_pages
from tests import fakes

EVIL = "<script>document.title='taken'</script>四种体系 & \"quotes\" {{ 7*7 }}"


def library():
    levers = {
        key: SimpleNamespace(inert=value, enforcement="", always="", title={"zh": key, "en": key})
        for key, value in fakes.INERT.items()
    }
    return SimpleNamespace(levers=levers, regimes={}, root=None)


def result(folder: Path, replicates: int = 6, title: str | None = None, picture: bool = True) -> Path:
    """Write the folder; with a title of the caller's in both languages, and one picture."""
    study = fakes.study(replicates)
    if title is not None:
        study = dataclasses.replace(study, title={"zh": title, "en": title})
    store = fakes.keep(study, folder)
    found = write_pages(study, library(), folder, spec=spec_of(store, study), figures=(), workers=1)
    manifest.add_pages(folder, found.files, {})
    if picture:
        (folder / "figures").mkdir(exist_ok=True)
        for lang in ("zh", "en"):
            Image.new("RGB", (400, 300), (11, 79, 138)).save(folder / "figures" / f"completion.{lang}.png")
    return folder
