# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
"""
# 敏感性：达标与退出对什么敏感
*Sensitivity: what completion and exits are sensitive to*

先用莫里斯法粗筛十八个因子，再对其中几个算 Sobol' 指数。为了几分钟内跑完，运行只有 20 个季度（2015 至 2019 年），
行数也很少；正式的研究用 `xiaozhen sensitivity zhejiang_2015 --method sobol --n 256`。

*Eighteen factors are screened with Morris' method, and a few of them then get Sobol' indices. To finish within
minutes, runs last only 20 quarters, 2015 to 2019, and rows are few; a study to rely on is `xiaozhen sensitivity
zhejiang_2015 --method sobol --n 256`.*
"""

# %%
import xiaozhen as xz

OUTCOMES = ["completion_common", "town_exit_rate"]

# %% [markdown]
# ## 粗筛 *Screening*
#
# 每条轨迹从一点出发，每次只移动一个因子，运气也作为一个因子移动一次。`mu_star` 是移动全程时结果改变的平均绝对值，
# 结论把它与结果标准差的 0.1 倍相比。
#
# *A trajectory starts somewhere and moves one factor at a time; luck is moved once too, as a factor of its own.
# `mu_star` is how far the outcome moves, on average and in absolute value, when a factor crosses its range; the verdict
# holds it against 0.1 standard deviations of the outcome.*

# %%
screening = xz.sensitivity("zhejiang_2015", method="morris", n=8, quarters=20, outcomes=OUTCOMES)
COLUMNS = ["factor", "mu_star", "mu_star_low", "mu_star_high", "direction", "verdict", "more_rows"]
screening.table("completion_common")[COLUMNS].round(3)

# %%
xz.picture(screening, "completion_common", lang="zh")

# %%
xz.picture(screening, "completion_common", lang="en")

# %% [markdown]
# 退出率的同一张表：
#
# *The same for the exit rate:*

# %%
screening.table("town_exit_rate")[COLUMNS].round(3)

# %% [markdown]
# ## 方差分解 *Shares of the variance*
#
# 取两个政策参数、一个行为参数和一个对照（浙江从不读取的倒扣起算延后）。一阶指数是因子单独解释的方差占比，总指数再加上
# 它与其他因子、与运气的交互。
#
# *Two levers, one behavioural parameter, and a control that Zhejiang never reads: the lag of the clawback clock.
# The first-order index is the share of the variance that a factor explains alone; the total index adds what it
# does together with other factors and with luck.*

# %%
design = xz.vary(
    "zhejiang_2015",
    {
        "land_reward.share": (0, 1),
        "clawback.multiple": (0, 4),
        "official.horizon": None,
        "clawback.plan_lag": (0, 8),
    },
    method="sobol",
    quarters=20,
    outcomes=OUTCOMES,
)
study = xz.sensitivity(design, method="sobol", n=32)
INDICES = ["factor", "first", "total", "total_low", "total_high", "direction", "verdict", "more_rows"]
study.table("completion_common")[INDICES].round(3)

# %%
xz.picture(study, "completion_common", lang="zh")

# %%
xz.picture(study, "completion_common", lang="en")

# %%
study.table("town_exit_rate")[INDICES].round(3)

# %% [markdown]
# ## 运气占多少 *How much is luck*
#
# 方差分成三份：因子的（运气取平均后）、运气单独的、两者交互的。运气自己一行，不混进任何因子。
#
# *The variance has three parts: settings with luck averaged out, luck alone, and the two together. Luck has a
# line of its own and is not counted as anybody's interaction.*

# %%
study.shares.round(3)
