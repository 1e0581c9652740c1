"""What can be wrong with a store: not ours, too new, full, damaged, of another plan or another model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "not_a_store": {
        "zh": "这里不是本程序写出的运行库，什么都没有动",
        "en": "this is no store of runs written by this program; nothing was touched",
    },
    "is_file": {
        "zh": "这里已有一个同名文件，不能建立文件夹",
        "en": "a file of this name stands where the folder should be",
    },
    "newer_schema": {
        "zh": "运行库的格式比本程序新，请用更新的版本打开；什么都没有动",
        "en": "the store was written by a newer version of this program; open it with that one; nothing was touched",
    },
    "old_schema": {
        "zh": "运行库的格式太旧，本程序已不能转换",
        "en": "the store is of a layout so old that this program cannot bring it up to date",
    },
    "bad_plan": {
        "zh": "运行库的计划文件读不出来",
        "en": "the plan file of the store cannot be read",
    },
    "other_plan": {
        "zh": "这里已有结果（{what}），其中{runs}次运行不在新的计划里，为免丢失，什么都没有写；要替换请加 --force"
        "（Python 中为 force=True），或换一个文件夹",
        "en": "results stand here already ({what}), and {runs} of their runs the new plan does not ask for; to lose "
        "none of them nothing was written; --force (force=True in Python) replaces them, another folder keeps both",
    },
    "other_model": {
        "zh": "运行库里的运行是由另一版模型或情景文件得出的（{what}），不能混在一起；请换一个文件夹",
        "en": "the runs in the store were made by another version of the model or of the scenario files ({what}) and "
        "must not be mixed; choose another folder",
    },
    "unfinished": {
        "zh": "还有{runs}次运行没有结果，请先继续运行",
        "en": "{runs} runs have no record yet; resume the store first",
    },
    "busy": {
        "zh": "另一个进程正在整理这个运行库",
        "en": "another process is putting this store in order at this moment",
    },
    "damaged": {
        "zh": "运行库中的文件读不出来，可能已损坏",
        "en": "a file of the store cannot be read and may be damaged",
    },
    "full": {
        "zh": "磁盘已满；已写入的运行完好，腾出空间后可以继续",
        "en": "the disk is full; the runs written so far are sound, free some space and resume",
    },
    "unwritable": {"zh": "不能在这里写入", "en": "this place cannot be written to"},
    "parts_missing": {
        "zh": "运行库没有保存{what}，请在计划里加上后重新运行",
        "en": "the store did not keep {what}; add it to the parts of the plan and run again",
    },
    "nothing_common": {
        "zh": "没有一次重复在所有情景里都成功",
        "en": "no replicate succeeded in every scenario",
    },
    "bad_query": {"zh": "查询不成立：{what}", "en": "the query does not hold: {what}"},
    "foreign_task": {
        "zh": "这个运行库要由“{task}”来运行，它不属于本程序，没有运行；如果您信得过，用 --task {task} 指明",
        "en": "the store names {task} to run it, which is no part of this program, so nothing was run; if you trust "
        "it, say so with --task {task}",
    },
    "broken_manifest": {
        "zh": "文件夹与它的清单不符，清单没有改写：{what}",
        "en": "the folder is not what its manifest says, so the manifest was left as it is: {what}",
    },
    "not_a_select": {
        "zh": "只接受一条 SELECT 语句",
        "en": "one SELECT statement and nothing else is taken",
    },
    "outside_store": {
        "zh": "查询只能读这个运行库，不能读写别的文件，也不能联网",
        "en": "a query reads this store and nothing else: no other file, no network",
    },
    "too_long": {
        "zh": "表“{table}”有{rows}行，超过Excel一张表的上限{limit}行；请导出为CSV或Parquet",
        "en": "table {table} has {rows} rows, beyond the {limit} of an Excel sheet; export to CSV or Parquet instead",
    },
    "too_wide": {
        "zh": "表“{table}”有{rows}列，超过Excel一张表的上限{limit}列；请导出为CSV或Parquet",
        "en": "table {table} has {rows} columns, beyond the {limit} of an Excel sheet; export to CSV or Parquet "
        "instead",
    },
    "bad_kind": {"zh": "不认识这种文件格式", "en": "this file format is not known"},
    "bad_table": {"zh": "没有这张表", "en": "there is no such table"},
    "exists": {
        "zh": "这里已有同名文件，没有覆盖",
        "en": "a file of this name exists and was not overwritten",
    },
}
"""Sentences by message id, in both languages."""


class StoreError(ExperimentError):
    """A store that cannot be opened, changed or read as asked."""

    messages: ClassVar[Mapping[str, Mapping[str, str]]] = MESSAGES


class StoreFull(StoreError):
    """The disk has no room for the next shard; earlier shards are sound.

    Attributes:
        details: ``runs``, how many records were not written.
    """
