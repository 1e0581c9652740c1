"""Mistakes around briefs: a folder that holds no result, one that cannot be read, a file that cannot be written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError


class BriefError(ExperimentError):
    """A brief that cannot be made."""

    messages: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "no_folder": {"zh": "没有这个文件夹", "en": "there is no such folder"},
        "not_a_result": {
            "zh": "这个文件夹里没有结果，写不出简报",
            "en": "this folder holds no result, so there is nothing to report",
        },
        "unknown_kind": {
            "zh": "不认识这种结果，不知道怎样写它的简报",
            "en": "results of this kind are not known, so no brief can be made",
        },
        "newer_result": {
            "zh": "这个结果由更新的版本写出，请升级后再读",
            "en": "this result was written by a newer version; upgrade to read it",
        },
        "broken_result": {
            "zh": "结果不完整或已损坏，不能据此写简报",
            "en": "the result is incomplete or damaged, so no brief can be made from it",
        },
        "bad_language": {"zh": "没有这种语言", "en": "there is no such language"},
        "brief_unwritable": {"zh": "不能写入这个文件", "en": "this file cannot be written"},
        "brief_is_folder": {"zh": "这是一个文件夹，不是文件", "en": "this is a folder, not a file"},
        "brief_over_result": {
            "zh": "这是结果自己的文件，为免覆盖，什么都没有写",
            "en": "this is a file of the result itself, so nothing was written",
        },
        "no_browser": {
            "zh": "没有找到可以打印PDF的浏览器（Chromium、Chrome或Edge）。请用任意浏览器打开{page}，选“打印”，"
            "再选“另存为PDF”",
            "en": "no browser that can print a PDF was found (Chromium, Chrome or Edge). Open {page} in any browser, "
            "choose Print, then Save as PDF",
        },
        "print_failed": {
            "zh": "浏览器没有印出PDF（{why}）。请用任意浏览器打开{page}，选“打印”，再选“另存为PDF”",
            "en": "the browser printed no PDF ({why}). Open {page} in any browser, choose Print, then Save as PDF",
        },
    }
