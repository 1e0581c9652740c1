"""What can go wrong with an engine itself: it cannot start, is not there, or was lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError


class EngineError(ExperimentError):
    """An engine that cannot be used as asked, or that was lost on the way."""

    messages: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "bad_count": {"zh": "个数必须是正整数", "en": "the number must be a positive whole number"},
        "two_engines": {
            "zh": "工作进程、线程、调度器和执行器只能选一种",
            "en": "choose one of worker processes, threads, a scheduler and an executor",
        },
        "no_main_guard": {
            "zh": '工作进程会重新读入您的脚本，脚本里启动运行的语句须放在 if __name__ == "__main__": 之下；'
            "或者用 workers=1 在本进程内运行",
            "en": "worker processes read your script again, so the lines that start runs must stand beneath "
            'if __name__ == "__main__": ; or run in this process with workers=1',
        },
        "workers_died": {
            "zh": "工作进程刚启动就结束了（退出码 {code}）。若从脚本调用，请把启动运行的语句放在 "
            'if __name__ == "__main__": 之下；也可能是内存不足，可减少工作进程，或用 workers=1 在本进程内运行',
            "en": "the worker processes ended while starting (exit code {code}). In a script, put the lines that start "
            'runs beneath if __name__ == "__main__": ; memory may also be short: use fewer workers, or workers=1 to '
            "run in this process",
        },
        "dask_missing": {
            "zh": '--scheduler 需要 dask.distributed，这里没有安装；请运行 pip install "xiaozhen[dask]"',
            "en": '--scheduler needs dask.distributed, which is not installed here: pip install "xiaozhen[dask]"',
        },
        "no_scheduler": {
            "zh": "{seconds} 秒内连不上调度器；请检查地址，以及调度器是否在运行（dask scheduler）",
            "en": "the scheduler did not answer within {seconds} s; check the address, and that it runs "
            "(dask scheduler)",
        },
        "no_workers": {
            "zh": "调度器上 {seconds} 秒没有任何工作进程（dask worker）",
            "en": "the scheduler has had no worker for {seconds} s (dask worker)",
        },
        "engine_lost": {
            "zh": "与执行引擎的联系中断了；已完成的运行都已保存",
            "en": "the connection to the engine was lost; every finished run is kept",
        },
        "other_code": {
            "zh": "工作进程用的模型源码与这里不同，结果会混在一起；请让两边版本一致",
            "en": "the workers have other model sources than this process, which would mix results; install the same "
            "version on both sides",
        },
        "no_folder_there": {
            "zh": "工作进程看不到结果文件夹；它须放在所有机器共享的磁盘上",
            "en": "the workers do not see the result folder; it must lie on a disk that all machines share",
        },
    }
