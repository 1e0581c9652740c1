"""Every sentence an input problem can be told in, by message id, in Chinese and English.

A library's own sentences are never shown or translated: each message here stands on its own id, so both
languages always exist. Placeholders in braces are filled by `sim.parameters.errors.InputError.render`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES: tuple[str, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; `text["zh"]`, `text.zh` and `text.as_dict()` all work."""

    zh: str
    en: str

    def __getitem__(self, lang: str) -> str:
        """Return the text in `lang` ("zh" or "en")."""
        return self.zh if lang == "zh" else self.en

    def as_dict(self) -> dict[str, str]:
        """Return `{"zh": ..., "en": ...}`."""
        return {"zh": self.zh, "en": self.en}

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


def in_language(text: Text | str, lang: str) -> str:
    """Return a text that may be the same in both languages (a plain string) in `lang`."""
    return text[lang] if isinstance(text, Text) else text


EMPTY = Text("", "")

LABELS: Mapping[str, Text] = {
    "found": Text("写的是", "found"),
    "allowed": Text("允许的是", "allowed"),
    "suggestion": Text("是否想写", "did you mean"),
    "override": Text("命令行或调用处", "command line or call"),
    "count": Text("输入文件中有 {n} 处问题：", "{n} problems in the input files:"),
    "count_one": Text("输入文件中有 1 处问题：", "1 problem in the input files:"),
}

KINDS: Mapping[str, Text] = {
    "lever": Text("政策参数", "lever"),
    "instrument": Text("政策工具", "instrument"),
    "regime": Text("政策体系", "regime"),
    "fill": Text("补白", "fill"),
    "clause": Text("条款", "clause"),
    "fact": Text("事实", "fact"),
    "source": Text("条款或事实编号", "clause or fact id"),
    "reading": Text("解读", "reading"),
    "alternative": Text("解读选项", "alternative"),
    "unit": Text("单位", "unit"),
    "uncertainty": Text("不确定参数", "uncertainty"),
    "constant": Text("常量", "constant"),
    "world": Text("区域", "world"),
    "study": Text("研究", "study"),
    "scenario": Text("情景", "scenario"),
    "industry": Text("产业类别", "industry"),
    "choice": Text("选项", "choice"),
    "name": Text("名称", "name"),
}

TYPES: Mapping[str, Text] = {
    "text": Text("文字（加双引号）", "a text in double quotes"),
    "texts": Text('中英文两段文字 { zh = "…", en = "…" }', 'a text in both languages, { zh = "...", en = "..." }'),
    "number": Text("数字", "a number"),
    "integer": Text("整数", "a whole number"),
    "flag": Text("true 或 false", "true or false"),
    "table": Text("一个表", "a table"),
    "tables": Text("若干个表（[[…]]）", "a list of tables ([[...]])"),
    "list": Text("方括号中的列表", "a list in square brackets"),
    "ids": Text('编号列表，例如 ["ZJ-CLAW-1"]', 'a list of ids, for example ["ZJ-CLAW-1"]'),
    "schedule": Text("方括号中的一列数字", "a list of numbers in square brackets"),
    "by_industry": Text("一个数字，或八类产业到数字的表", "a number, or a table from the eight industries to numbers"),
    "bound": Text("数字，或另一个政策参数的名称", "a number or another lever's key"),
    "quarter": Text('季度，例如 "2015Q2"', 'a quarter, for example "2015Q2"'),
}

SET_FORMS = Text(
    'set = { "list.window" = "rolling" }，或 as_stated = true（按政策体系原文），'
    '或 unrun = { zh = "…", en = "…" }（为何无法运行）',
    'set = { "list.window" = "rolling" }, or as_stated = true (what the regime states), '
    'or unrun = { zh = "...", en = "..." } (why it cannot be run)',
)
"""How an alternative of a reading says which lever values it means."""

MESSAGES: Mapping[str, Text] = {
    "unknown_key": Text("这里没有这个键", "this key is not known here"),
    "wrong_type": Text("值的类型不对", "the value is of the wrong type"),
    "wrong_quarter": Text("这不是一个季度", "this is not a quarter"),
    "empty_text": Text("文字是空的", "the text is empty"),
    "empty_list": Text("列表是空的", "the list is empty"),
    "not_finite": Text("数字必须是有限的", "the number must be finite"),
    "out_of_bounds": Text("数值超出范围", "the value is out of bounds"),
    "bound_by_lever": Text(
        "数值超出由另一政策参数“{other}”给出的范围（{quarter}）",
        'the value is out of the bound that the lever "{other}" sets (in {quarter})',
    ),
    "bounds_order": Text("下限大于上限", "the lower bound is above the upper bound"),
    "central_outside": Text("中心值不在下限与上限之间", "the central value is not between low and high"),
    "dates_order": Text("日期次序不对：{rule}", "the dates are out of order: {rule}"),
    "at_with_range": Text("at 不能与 from 或 to 同时使用", "at cannot stand beside from or to"),
    "missing_key": Text("缺少键“{missing}”", 'the key "{missing}" is missing'),
    "missing_language": Text("缺少 {language} 文字", "the {language} text is missing"),
    "missing_source": Text(
        "缺少来源：每个数值都要有条款或事实编号", "the source is missing: every value needs a clause or fact id"
    ),
    "duplicate_key": Text(
        "同一个键写了两次（第一次在第 {first} 行）", "this key is written twice (first in line {first})"
    ),
    "duplicate_name": Text("这个{kind}已经在 {first} 中定义过", "this {kind} is already defined in {first}"),
    "duplicate_value": Text(
        "同一政策参数在同一季度（{quarter}）有两个值（另一个在第 {first} 行）",
        "this lever has two values in one quarter ({quarter}; the other is in line {first})",
    ),
    "duplicate_override": Text("同一个名称设定了两次", "this name is set twice"),
    "circular_extends": Text("extends 绕成了一圈：{chain}", "extends runs in a circle: {chain}"),
    "unknown_unit": Text("没有这个单位", "there is no such unit"),
    "unit_mismatch": Text("单位与政策参数“{other}”的单位不同", 'the unit differs from the unit of the lever "{other}"'),
    "unknown_name": Text("没有这个{kind}", "there is no {kind} of this name"),
    "not_a_choice": Text("不在可选项之中", "this is not one of the choices"),
    "file_name": Text("id 与文件名不一致", "the id differs from the name of the file"),
    "bound_not_number": Text(
        "政策参数“{other}”不是数字，不能作为界限", 'the lever "{other}" is no number and cannot be a bound'
    ),
    "file_missing": Text("没有这个文件或文件夹", "there is no such file or folder"),
    "file_folder": Text("这里应当是文件，却是文件夹", "a file is expected here, but this is a folder"),
    "file_special": Text("这不是普通文件", "this is not a plain file"),
    "file_denied": Text("文件无法打开", "the file cannot be opened"),
    "file_empty": Text("文件里没有内容", "the file holds nothing"),
    "file_too_large": Text("文件过大，没有读取", "the file is too large and was not read"),
    "file_encoding": Text("文件不是 UTF-8 编码（第 {offset} 个字节）", "the file is not UTF-8 (at byte {offset})"),
    "syntax": Text("这一行不符合 TOML 语法", "this line is not valid TOML"),
    "nesting": Text("嵌套过深，无法读取", "the nesting is too deep to be read"),
    "alternative_unset": Text(
        "这种理解没有写明对应哪些政策参数取值", "this alternative does not say which lever values realise it"
    ),
    "alternative_both": Text(
        "这种理解的取值写了不止一种形式", "this alternative says in more than one way which values realise it"
    ),
    "alternative_idle": Text(
        "这条解读写明不影响结果（matters = false），其选项不应再带取值",
        "the reading is said not to matter (matters = false), so its alternatives cannot carry values",
    ),
    "alternative_twice": Text(
        "这种理解与“{other}”的取值相同，无从区分",
        'this alternative has the values of "{other}" and cannot be told from it',
    ),
    "reading_why": Text(
        "只有不影响结果的解读（matters = false）才写明原因",
        "only a reading that does not matter (matters = false) says why",
    ),
    "reading_idle": Text(
        "这条解读写明不影响结果，却有政策参数引用它", "this reading is said not to matter, yet a lever carries it"
    ),
    "bad_override": Text("设定应写成 名称=值", "a setting is written name=value"),
    "bad_argument": Text("参数“{name}”的值不对", 'the argument "{name}" has a wrong value'),
}
