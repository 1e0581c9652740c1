"""Mistakes around briefs: a folder that holds no result, one that cannot be read, a file that cannot be written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError


class BriefError(ExperimentError):
    """A brief that cannot be made."""

    topic: ClassVar[str] = "brief"
    sentences: ClassVar[Mapping[str, str]] = {
        "no_folder": "there is no such folder",
        "not_a_result": "this folder holds no result, so there is nothing to report",
        "unknown_kind": "results of this kind are not known, so no brief can be made",
        "newer_result": "this result was written by a newer version; upgrade to read it",
        "broken_result": "the result is incomplete or damaged, so no brief can be made from it",
        "bad_language": "there is no such language",
        "brief_unwritable": "this file cannot be written",
        "brief_is_folder": "this is a folder, not a file",
        "brief_over_result": "this is a file of the result itself, so nothing was written",
        "no_browser": (
            "no browser that can print a PDF was found (Chromium, Chrome or Edge). Open {page} in any "
            "browser, choose Print, then Save as PDF"
        ),
        "print_failed": (
            "the browser printed no PDF ({why}). Open {page} in any browser, choose Print, then Save as PDF"
        ),
    }
