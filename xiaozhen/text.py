"""Every sentence of the command line by message id, in Chinese and English, and which language to speak."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

LANGS: tuple[str, ...] = ("zh", "en")

MESSAGES: Mapping[str, tuple[str, str]] = {
    # Errors.
    "no_command": ("没有命令“{found}”", "there is no command “{found}”"),
    "no_option": ("没有选项 {found}", "there is no option {found}"),
    "no_argument": ("缺少 {name}", "{name} is missing"),
    "extra_argument": ("多出了“{found}”", "“{found}” is one word too many"),
    "option_usage": ("选项 {name} 的写法不对", "the option {name} is not written this way"),
    "no_value": ("选项 {name} 后面缺少值", "the option {name} needs a value"),
    "no_value_here": ("选项 {name} 不带值", "the option {name} takes no value"),
    "not_among": ("{name} 不能是“{found}”", "{name} cannot be “{found}”"),
    "not_count": (
        "{name} 应是不小于 {low} 的整数，写的是“{found}”",
        "{name} must be a whole number of at least {low}, not “{found}”",
    ),
    "twice": ("“{found}”设定了两次", "“{found}” is set twice"),
    "bad_usage": ("命令写法不对", "the command is not written this way"),
    "unwritable": ("不能写入 {found}：{why}", "cannot write to {found}: {why}"),
    "not_folder": ("{found} 是一个文件，不是文件夹", "{found} is a file, not a folder"),
    "not_empty": (
        "{found} 里已有别的文件，为免覆盖，什么都没有写",
        "{found} holds other files already, so nothing was written",
    ),
    "no_county_file": ("找不到县级数据文件 {found}", "there is no county file {found}"),
    "threads_and_workers": ("--threads 与 --workers 只能用一个", "use either --threads or --workers"),
    "allowed": ("可以用：{names}", "allowed: {names}"),
    "did_you_mean": ("是否想写：{name}", "did you mean: {name}"),
    "see_help": ("详见 {command} --help", "see {command} --help"),
    "interrupted": ("已中断。", "Interrupted."),
    "broken": (
        "程序出错：{what}。这不是您的输入造成的；设 XIAOZHEN_DEBUG=1 再运行可看到详情。",
        "Something in the program failed: {what}. Your input is not the cause; set XIAOZHEN_DEBUG=1 to see more.",
    ),
    # Help.
    "usage": ("用法", "Usage"),
    "options": ("选项", "Options"),
    "commands": ("命令", "Commands"),
    "help": ("显示这份说明。", "Show this message."),
    "required": ("必填", "required"),
    "default": ("默认 {value}", "default {value}"),
    "cli": (
        "小镇：特色小镇政策实验室。一个省若换用另一个省的激励，小镇能完成多少投资、多少会退出、花费多少、哪一条起了作用？",
        "Xiaozhen, a laboratory for characteristic towns: if this province had that province's incentives, how much of "
        "the promised investment would its towns complete, how many would leave, and what would it cost?",
    ),
    "run": ("运行一个情景，打印各项结果。", "Run one scenario and print its outcomes."),
    "run_more": (
        "例：xiaozhen run zhejiang_2015 --set clawback.multiple=3 --replicates 20",
        "Example: xiaozhen run zhejiang_2015 --set clawback.multiple=3 --replicates 20",
    ),
    "compare": (
        "运行一项研究：各情景与无政策比较，写出表和图。",
        "Run a study: scenarios against no policy, with tables and figures.",
    ),
    "compare_more": (
        "例：xiaozhen compare --replicates 20 --out results/try",
        "Example: xiaozhen compare --replicates 20 --out results/try",
    ),
    "show": (
        "解释一个名称：政策体系、参数、条款、事实、结果指标……",
        "Explain a name: regime, lever, clause, fact, outcome ...",
    ),
    "show_more": (
        "例：xiaozhen show clawback.multiple\n    xiaozhen show ZJ-CLAW-1\n    xiaozhen show levers    （列出全部）",
        "Examples: xiaozhen show clawback.multiple\n          xiaozhen show ZJ-CLAW-1\n"
        "          xiaozhen show levers    (lists them all)",
    ),
    "plan": ("打印一个季度的步骤。", "Print the steps of a quarter."),
    "bench": ("测量速度、内存和启动时间。", "Measure speed, memory and start-up time."),
    "targets": ("把模型与公布的数字对照。", "Compare the model with published figures."),
    "doses": ("把每项政策工具按强度逐档试验。", "Try each instrument at several strengths."),
    "readings": (
        "逐条逐种替换条文的解读，看哪处歧义最要紧。",
        "Try every meaning of every ambiguous clause and rank what it moves.",
    ),
    "readings_more": (
        "例：xiaozhen readings --only D-06 --regime zhejiang_2015 --replicates 4",
        "Example: xiaozhen readings --only D-06 --regime zhejiang_2015 --replicates 4",
    ),
    "reading_stated": ("按各体系原文的取值", "as each regime states"),
    "reading_unrun": ("不能运行：{why}", "cannot be run: {why}"),
    "reading_stands": ("取 {taken}；可换成 {others}", "takes {taken}; can be replaced by {others}"),
    "opt_only_readings": ("只做哪条解读，可重复。", "Only this reading; may be repeated."),
    "opt_regimes": ("只在哪个体系里做，可重复。", "Only in this regime; may be repeated."),
    "opt_only": ("只做哪一项，可重复。", "Only this dose; may be repeated."),
    "opt_out_doses": ("把文档、图和数字写到哪个文件夹。", "Folder for document, figures and numbers."),
    "doses_title": ("逐档试验，每档 {replicates} 次重复", "Doses, {replicates} replicates each"),
    "coverage": (
        "每一条款在模型里怎样起作用，为何没有可模拟的内容，或者还缺。",
        "Where every clause stands: it acts, has nothing to simulate, or is missing.",
    ),
    "coverage_more": (
        "例：xiaozhen coverage --regime zhejiang_2015\n    xiaozhen coverage --status RULE --status TARGET\n"
        "    xiaozhen coverage --check    （逐条停用，看结果变不变；约一分钟；带“+”的要借补白才起作用）",
        "Examples: xiaozhen coverage --regime zhejiang_2015\n"
        "          xiaozhen coverage --status RULE --status TARGET\n"
        "          xiaozhen coverage --check    (takes each clause out and compares; about a minute;\n"
        '           "+" names a fill without which a clause has nothing to act on)',
    ),
    "version": ("打印版本。", "Print versions."),
    "opt_set": ("改一个政策参数或不确定参数，可重复。", "Set a lever or an uncertainty; may be repeated."),
    "opt_fill": (
        "文件没有写明的，用哪一份补白来补，可重复。",
        "Fill for what the regime leaves unstated; may be repeated.",
    ),
    "opt_replicates": ("重复次数。", "How many replicates."),
    "opt_replicate": ("第一次重复的编号。", "Number of the first replicate."),
    "opt_quarters": ("运行多少个季度。", "How many quarters to run."),
    "opt_start": ("开始的季度；默认为该区域数据的季度。", "First quarter; by default that of the world's data."),
    "opt_effective": (
        "政策生效的季度；原有日期一并平移。",
        "Quarter in which the regime takes effect; all its dates move with it.",
    ),
    "opt_world": ("区域。", "World."),
    "opt_counties": ("自己的县级数据（CSV）。", "A county table of your own (CSV)."),
    "opt_tables": ("还要哪些明细表，用逗号分开。", "Detail tables to keep, with commas between them."),
    "opt_out": ("结果写到哪个文件夹。", "Folder for the results."),
    "opt_workers": ("用多少个进程，默认全部核心。", "Worker processes; all cores by default."),
    "opt_threads": ("改用多少个线程。", "Threads instead of worker processes."),
    "opt_replicates_study": (
        "每个情景的重复次数，默认按研究文件。",
        "Replicates of each scenario; the study's own number by default.",
    ),
    "opt_out_study": ("结果文件夹，默认 results/研究名。", "Folder for the results; results/STUDY by default."),
    "opt_set_study": (
        "在有政策的情景里改一个政策参数，或在全部情景里改一个不确定参数，可重复。",
        "Set a lever in every scenario with a policy, or an uncertainty in all; may be repeated.",
    ),
    "opt_json": ("在标准输出打印一份 JSON。", "Print one JSON document on standard output."),
    "opt_lang": ("语言。", "Language."),
    "opt_lang_both": ("图和摘要的语言。", "Language of figures and summary."),
    "opt_scale": ("世界的大小倍数。", "Size of the world, times the usual."),
    "opt_rounds": ("测几遍。", "Rounds to time."),
    "opt_regime": ("用哪个政策体系。", "Which regime."),
    "opt_coverage_regime": ("只看这个政策体系的条款。", "Only the clauses of this regime."),
    "opt_status": ("只看这类条款，可重复。", "Only clauses of this kind; may be repeated."),
    "opt_check": (
        "逐条停用起作用的条款，看运行结果变不变。",
        "Take each acting clause out of its regime and see what moves.",
    ),
    # Output.
    "progress": ("已完成 {done}/{total} 次运行", "{done} of {total} runs done"),
    "runs": ("运行", "Running"),
    "preparing": (
        "正在准备（第一次要编译，约半分钟）……",
        "Preparing (the first time compiles, about half a minute) ...",
    ),
    "written": ("结果写到 {folder}", "Results are in {folder}"),
    "col_outcome": ("指标", "Outcome"),
    "col_value": ("数值", "Value"),
    "col_mean": ("均值", "Mean"),
    "col_interval": ("95% 区间", "95% interval"),
    "col_unit": ("单位", "Unit"),
    "col_id": ("名称", "Name"),
    "col_title": ("标题", "Title"),
    "col_what": ("说明", "What"),
    "col_step": ("步骤", "Step"),
    "col_file": ("文件", "File"),
    "run_title": (
        "{title}：{quarters} 个季度，{replicates} 次重复",
        "{title}: {quarters} quarters, {replicates} replicates",
    ),
    "means_title": (
        "{title}：均值，每个情景 {replicates} 次重复",
        "{title}: means, {replicates} replicates of each scenario",
    ),
    "differences_title": (
        "与“{baseline}”之差及 95% 区间（同一运气配对；* 表示经多重比较校正后仍不为零）",
        "Difference from “{baseline}”, 95% interval (paired on the same luck; * not zero after correction for many)",
    ),
    "col_regime": ("政策体系", "Regime"),
    "common_title": (
        "移到同一个世界（{world}），与没有政策之差（退出率为水平；* 表示经多重比较校正后仍不为零）",
        "Laid over one world ({world}), difference from no policy (exit rates: levels; * not zero after correction)",
    ),
    "home_title": ("在各自的世界，与没有政策之差", "In its own world, difference from no policy"),
    "read_first": ("先读 {file}", "Read {file} first"),
    "targets_title": (
        "公布的数字（区间）与模型中位数（90% 范围），{replicates} 次重复",
        "Published figures (interval) and the model's median (90% range), {replicates} replicates",
    ),
    "targets_tally": (
        "{rows} 个数字，模型给出 {defined} 个；{within_factor_two} 个相差不到一倍，{inside_interval} 个落在区间内",
        "{rows} figures, {defined} of them defined by the model; {within_factor_two} within a factor of two, "
        "{inside_interval} inside the interval",
    ),
    "col_target": ("数字", "Figure"),
    "col_published": ("公布", "Published"),
    "col_model": ("模型", "Model"),
    "col_ratio": ("模型/公布", "Ratio"),
    "col_inside": ("在区间内", "Inside"),
    "place_acts": ("起作用的条款", "Clauses that act"),
    "place_context": ("没有可模拟内容的条款", "Clauses with nothing to simulate"),
    "place_missing": ("还缺的条款", "Missing clauses"),
    "col_clause": ("条款", "Clause"),
    "col_status": ("性质", "Kind"),
    "col_how_acts": ("政策参数；政策体系", "Levers; regimes"),
    "col_how_context": ("原因", "Why"),
    "col_how_missing": ("内容", "What it says"),
    "col_levers": ("停用的政策参数", "Levers made inert"),
    "col_moved_most": ("变化最大的指标", "Outcome that moved most"),
    "col_with": ("有此条", "With it"),
    "col_without": ("无此条", "Without it"),
    "col_moved": ("变化：指标 + 明细列", "Moved: outcomes + columns"),
    "coverage_totals": (
        "{clauses} 条条款：{acts} 条起作用，{context} 条没有可模拟的内容，{missing} 条还缺",
        "{clauses} clauses: {acts} act, {context} have nothing to simulate, {missing} missing",
    ),
    "check_title": (
        "停用一条，其余不动：同一运气下的两次运行之差",
        "One clause taken out, all else as it is: two runs with the same luck",
    ),
    "check_totals": ("{clauses} 条里有 {moved} 条改变了结果", "{moved} of {clauses} clauses moved something"),
    "check_still": ("没有改变任何结果：{names}", "Moved nothing: {names}"),
    "plan_title": ("一个季度的步骤", "The steps of a quarter"),
    "bench_title": ("速度与内存", "Speed and memory"),
    "more_is_better": ("越大越好", "more is better"),
    "less_is_better": ("越小越好", "less is better"),
    "neither": ("无所谓好坏", "neither"),
    "whole_run": ("全期一个数", "one number for the whole run"),
    "each_year": ("每年一个数", "one number a year"),
    "undefined": ("–", "–"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "nothing": ("无", "none"),
    "also": ("同名的还有：{names}", "Also of this name: {names}"),
    "gaps_filled": (
        "{title}：文件没有写明的 {n} 个政策参数借自“{fill}”：{names}",
        "{title}: {n} levers that its documents leave unstated are lent by {fill}: {names}",
    ),
    "levers_set": ("本情景改动了：{names}", "Set in this scenario: {names}"),
    "seconds_per_run": ("一次运行，处理器秒", "One run, processor seconds"),
    "agent_updates_per_second": ("每秒更新的主体数", "Agent updates a second"),
    "bytes_per_agent": ("每个主体的字节数", "Bytes an agent"),
    "first_start_s": ("首次启动到第一个结果，秒", "First start to first result, seconds"),
    "later_start_s": ("以后启动到第一个结果，秒", "Later start to first result, seconds"),
    "agents": ("主体数", "Agents"),
    "quarters": ("季度数", "Quarters"),
}
"""Message id -> (中文, English)."""


def say(message: str, lang: str, **values: object) -> str:
    """A message in ``lang`` ("zh" or "en") with its placeholders filled."""
    return MESSAGES[message][0 if lang == "zh" else 1].format(**values)


class CommandError(Exception):
    """A line that cannot be carried out as written.

    Attributes:
        message_id: Id in :data:`MESSAGES`.
        values: What fills the placeholders.
        allowed: Names that may stand there.
        suggestion: What was probably meant.
        command: The command whose help tells more.
    """

    def __init__(
        self, message_id: str, *, allowed: Sequence[str] = (), suggestion: str = "", command: str = "", **values: object
    ) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.values = values
        self.allowed = tuple(allowed)
        self.suggestion = suggestion
        self.command = command

    def render(self, lang: str = "en") -> str:
        """The whole message: what is wrong, then what was probably meant and what is allowed."""
        lines = [say(self.message_id, lang, **self.values)]
        if self.suggestion:
            lines.append("    " + say("did_you_mean", lang, name=self.suggestion))
        if self.allowed:
            joiner = "、" if lang == "zh" else ", "
            lines.append("    " + say("allowed", lang, names=joiner.join(self.allowed)))
        if self.command:
            lines.append("    " + say("see_help", lang, command=self.command))
        return "\n".join(lines)


def nearest(word: str, names: Sequence[str]) -> str:
    """The name nearest to a misspelt word, or nothing where none is near."""
    import difflib

    close = difflib.get_close_matches(word[:80], names, n=1, cutoff=0.6)
    return close[0] if close else ""


def language(arguments: Sequence[str] = ()) -> str:
    """The language to speak: ``--lang`` in the line, else XIAOZHEN_LANG, else the system's.

    Args:
        arguments: The command line, not yet parsed.
    """
    for i, word in enumerate(arguments):
        after = arguments[i + 1] if i + 1 < len(arguments) else ""
        asked = word[7:] if word.startswith("--lang=") else after if word == "--lang" else ""
        if asked in LANGS:
            return asked
    chosen = os.environ.get("XIAOZHEN_LANG", "")
    if chosen in LANGS:
        return chosen
    return "zh" if system_locale().lower().startswith(("zh", "chinese")) else "en"


def system_locale() -> str:
    """Name of the system's language setting, such as ``zh_CN.UTF-8``; empty where there is none."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name]
    if os.name != "nt":
        return ""
    import locale

    return locale.getlocale()[0] or ""
