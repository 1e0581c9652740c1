"""Every outcome, defined once: unit, population, window, meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome.

    Attributes:
        id: Column name.
        title: Chinese and English.
        unit: Unit id of ``scenarios/units.toml``.
        population: Over whom.
        window: Over which time.
        kind: "summary" (one number a run) or "yearly".
        better: +1 when more is better, -1 when less is, 0 when neither.
        definition: How it is computed.
    """

    id: str
    title: dict[str, str]
    unit: str
    population: dict[str, str]
    window: dict[str, str]
    kind: str
    better: int
    definition: dict[str, str]


_COHORT = ("曾列入创建名单的小镇", "towns ever on the creation list")
_SITES = ("全部小镇选址", "all town sites")
_RUN = ("全程", "whole run")
_END = ("期末", "end of the run")
_YEAR = ("日历年", "calendar year")
_FIRMS = ("小镇企业", "enterprises in the towns")
_THREE = ("列名年起三个日历年", "three calendar years from the listing year")

_SUMMARY: tuple[tuple[str, str, str, str, tuple[str, str], tuple[str, str], int, str, str], ...] = (
    ("completion_common", "三年投资完成率(统一标尺)", "Completion on the common yardstick", "ratio", _SITES, ("政策起始年起三年", "three years from the policy's first year"), 1, "真实有效投资(不含住宅)达到浙江分行业50/30亿元三年标尺的选址比例;各体系同一窗口", "share of sites whose true effective investment (no housing) reaches Zhejiang's 5/3 billion yardstick; same window in every regime"),
    ("completion_own", "三年投资完成率(自身目标)", "Completion of the regime's own target", "ratio", _COHORT, _THREE, 1, "真实有效投资达到本体系三年目标的小镇比例", "share whose true effective investment reaches the regime's own three-year target"),
    ("completion_reported", "三年投资完成率(上报口径)", "Completion on reported figures", "ratio", _COHORT, _THREE, 0, "同上,按上报数", "the same on reported figures"),
    ("completion_ratio_median", "投资完成度中位数", "Median invested over target", "ratio", _COHORT, _THREE, 1, "真实有效投资与三年目标之比的中位数", "median of true effective investment over the three-year target"),
    ("completion_ratio_total", "投资完成度总体", "Total invested over target", "ratio", _COHORT, _THREE, 1, "真实有效投资合计与目标合计之比", "sum of true effective investment over sum of targets"),
    ("town_exit_rate", "小镇退出率", "Town exit rate", "ratio", ("曾列入任一名单的小镇", "towns ever on a list"), _RUN, -1, "期末前因考核、放弃或否决离开名单的比例", "share that left the lists by rule, withdrawal or veto"),
    ("town_exit_hazard", "小镇年退出风险", "Town exit hazard", "per_year", ("在册小镇年", "town-years on a list"), _RUN, -1, "退出次数与在册小镇年之比", "exits over town-years on a list"),
    ("warned_share", "被警告比例", "Share ever warned", "ratio", _COHORT, _RUN, -1, "曾被警告的比例", "share ever warned"),
    ("demoted_share", "被降格比例", "Share ever demoted", "ratio", _COHORT, _RUN, -1, "曾被降格的比例", "share ever demoted"),
    ("exited_share", "被淘汰比例", "Share removed by rule", "ratio", ("曾列入任一名单的小镇", "towns ever on a list"), _RUN, -1, "因考核被清退的比例", "share removed by the exit rule"),
    ("withdrawn_share", "主动放弃比例", "Share withdrawn", "ratio", ("曾列入任一名单的小镇", "towns ever on a list"), _RUN, 0, "主动放弃的比例", "share that withdrew"),
    ("vetoed_share", "被否决比例", "Share vetoed", "ratio", ("曾列入任一名单的小镇", "towns ever on a list"), _RUN, -1, "因造假等被取消的比例", "share cancelled for fraud"),
    ("named_share", "命名比例", "Share named", "ratio", _COHORT, _RUN, 1, "通过验收命名的比例", "share accepted and named"),
    ("firm_exit_hazard_y1", "企业第1年退出率", "Firm closure hazard, year 1", "per_year", _FIRMS, _RUN, -1, "年龄不足1年企业的年关停率", "yearly closure hazard in the first year of age"),
    ("firm_exit_hazard_y2", "企业第2年退出率", "Firm closure hazard, year 2", "per_year", _FIRMS, _RUN, -1, "第2年", "second year"),
    ("firm_exit_hazard_y3", "企业第3年退出率", "Firm closure hazard, year 3", "per_year", _FIRMS, _RUN, -1, "第3年", "third year"),
    ("firm_exit_hazard_y4_7", "企业第4-7年退出率", "Firm closure hazard, years 4-7", "per_year", _FIRMS, _RUN, -1, "第4至7年", "fourth to seventh year"),
    ("entrants_gone_3y", "新企业三年内退出比例", "Entrants gone within 3 years", "ratio", _FIRMS, _RUN, -1, "由分年龄退出率推得的三年累计退出比例", "cumulative closure over three years from the hazards by age"),
    ("entrants_gone_5y", "新企业五年内退出比例", "Entrants gone within 5 years", "ratio", _FIRMS, _RUN, -1, "五年累计", "over five years"),
    ("projects_fallen_share", "项目落空率", "Projects fallen through", "ratio", ("洽谈项目", "announced projects"), _RUN, -1, "投产前落空或烂尾的项目占洽谈项目之比", "projects dropped or abandoned over projects announced"),
    ("investment_effective", "真实有效投资", "True effective investment", "yi_yuan", _SITES, _RUN, 1, "不含住宅的真实投资合计", "true investment without housing"),
    ("investment_total", "全部投资", "All investment", "yi_yuan", _SITES, _RUN, 0, "含住宅", "with housing"),
    ("land_rewarded", "奖励用地指标", "Land rewarded", "mu", _SITES, _RUN, 0, "奖励指标合计", "quota rewarded"),
    ("land_clawed", "倒扣用地指标", "Land clawed back", "mu", _SITES, _RUN, 0, "倒扣指标合计", "quota clawed back"),
    ("land_net", "净奖励用地指标", "Net land rewarded", "mu", _SITES, _RUN, 0, "奖励减倒扣", "rewarded less clawed back"),
    ("land_guaranteed", "保障供地", "Land guaranteed", "mu", _SITES, _RUN, 0, "县级指标之外由上级保障供应的土地", "land supplied under a guarantee, beyond the county's quota"),
    ("idle_land", "闲置土地", "Idle land", "mu", _SITES, _END, -1, "烂尾项目占用而未收回的土地", "land of abandoned projects not yet taken back"),
    ("investment_per_mu", "亩均投资", "Investment per mu", "wan_yuan_per_mu", _SITES, _RUN, 1, "产业投资与供地之比", "industrial investment over land supplied"),
    ("output_per_mu", "亩均产值", "Output per mu", "wan_yuan_per_mu", _SITES, ("末年", "last year"), 1, "末年产值与建设用地(启动前建成区按1平方公里三成计)之比", "last year's output over land in use (built-up land before the start taken as 30 % of 1 km2)"),
    ("tax_per_mu", "亩均税收", "Tax per mu", "wan_yuan_per_mu", _SITES, ("末年", "last year"), 1, "末年税收与建设用地之比", "last year's tax over land in use"),
    ("public_cost", "政策公共支出", "Public cost of the policy", "yi_yuan", ("各级政府", "all governments"), _RUN, -1, "返还、奖补、专项资金、人才与联动投入合计(不含土地)", "rebate, grants, funds, talent and linkage money (land apart)"),
    ("cost_rebate", "财政返还", "Rebate", "yi_yuan", ("省", "province"), _RUN, 0, "财政返还(含下达企业部分)", "fiscal rebate, the part passed to firms included"),
    ("cost_grants", "奖补与专项资金", "Grants and funds", "yi_yuan", ("付款政府", "paying governments"), _RUN, 0, "奖补、专项资金", "grants and special funds"),
    ("cost_infrastructure", "基础设施与推进支出", "Works and promotion", "yi_yuan", ("县与小镇平台", "counties and town platforms"), _RUN, 0, "公共工程、招商推进与项目政府出资", "public works, promotion and the government share of projects"),
    ("debt_end", "期末政府债务", "Government debt at the end", "yi_yuan", ("县", "counties"), _END, -1, "为小镇举借未还余额", "borrowed for towns and not repaid"),
    ("land_value", "政策土地价值", "Worth of policy land", "yi_yuan", _SITES, _RUN, 0, "净奖励与保障供应的指标按影子价格计", "quota rewarded (net of clawback) or guaranteed, at the shadow price"),
    ("jobs_end", "就业", "Jobs", "persons", _SITES, _END, 1, "在岗人数", "people employed"),
    ("talents_end", "人才", "Talents", "persons", _SITES, _END, 1, "人才存量", "talents present"),
    ("talents_kept_3y", "人才三年留存率", "Talents kept after three years", "ratio", ("引进满三年的人才", "talents who came three years before"), _RUN, 1, "末三年前引进者仍在小镇的比例", "share still in a town of those who came before the last three years"),
    ("output_end", "产值", "Output", "yi_yuan", _SITES, ("末年", "last year"), 1, "末年产值", "output of the last year"),
    ("tax_end", "税收", "Tax", "yi_yuan", _SITES, ("末年", "last year"), 1, "末年税收", "tax of the last year"),
    ("housing_share", "住宅占比", "Housing share", "ratio", _SITES, _RUN, -1, "住宅占全部投资比例", "housing over all investment"),
    ("core_share", "特色产业占比", "Core-industry share", "ratio", _SITES, _RUN, 1, "特色产业占有效投资比例", "core industry over effective investment"),
    ("social_share", "社会资本占比", "Social-capital share", "ratio", _SITES, _RUN, 0, "对接社会资本占有效投资比例", "matched social capital over effective investment"),
    ("government_share", "政府出资占比", "Government share", "ratio", _SITES, _RUN, 0, "政府出资占有效投资比例", "government money over effective investment"),
    ("homogeneity", "同质化程度", "Homogeneity", "ratio", ("曾列名小镇", "listed towns"), _END, -1, "两个随机列名小镇属同一细分产业的概率", "chance that two listed towns share a sub-industry"),
    ("reporting_gap", "上报虚高", "Reporting gap", "ratio", ("被考核小镇年", "assessed town-years"), _RUN, -1, "上报数超出真实数的比例", "reported over true investment, less one"),
    ("village_income_end", "村民收入", "Village income", "wan_yuan_per_person", ("周边村", "villages around the towns"), _END, 1, "按人口加权的人均收入", "income a head, weighted by people"),
    ("village_migrants", "外出村民", "Villagers away", "persons", ("周边村", "villages around the towns"), _END, -1, "在县外务工人数", "villagers working outside the county"),
    ("settled_farmers", "落户农民", "Settled farmers", "persons", ("周边村", "villages around the towns"), _RUN, 1, "迁入小镇定居人数", "villagers who settled in the town"),
    ("urbanisation", "就地城镇化率", "Local urbanisation", "ratio", ("周边村", "villages around the towns"), _END, 1, "通勤与定居者占原人口比例", "commuters and settlers over the first population"),
    ("town_to_village", "镇带村流量", "Flow from town to village", "yi_yuan", ("周边村", "villages around the towns"), _RUN, 1, "工资、采购与联动投入", "wages, purchases and support"),
    ("village_to_town", "村向镇流量", "Flow from village to town", "person_quarters", ("周边村", "villages around the towns"), _RUN, 1, "劳动力与回流", "labour and return flow"),
    ("investment_gap_poor", "欠发达县差距", "Gap of poorer counties", "ratio", _SITES, _RUN, -1, "1减去26个加快发展县镇均投资与其余之比", "one minus investment per site in the 26 poorer counties over that elsewhere"),
)

_YEARLY: tuple[tuple[str, str, str, str, int, str, str], ...] = (
    ("listed", "在册小镇", "Towns on a list", "towns", 0, "年末在任一名单或已命名", "on a list or named at the year's end"),
    ("creation", "创建名单", "Creation list", "towns", 0, "年末", "at the year's end"),
    ("cultivation", "培育名单", "Cultivation list", "towns", 0, "年末", "at the year's end"),
    ("warned", "警告", "Warned", "towns", -1, "当年", "in the year"),
    ("demoted", "降格", "Demoted", "towns", -1, "当年", "in the year"),
    ("exited_total", "累计退出", "Left so far", "towns", -1, "累计淘汰、放弃、否决", "removed, withdrawn or vetoed so far"),
    ("named", "累计命名", "Named so far", "towns", 1, "累计", "so far"),
    ("investment_effective", "真实有效投资", "True effective investment", "yi_yuan", 1, "当年,不含住宅", "in the year, without housing"),
    ("investment_total", "全部投资", "All investment", "yi_yuan", 0, "当年", "in the year"),
    ("investment_reported", "上报有效投资", "Reported investment", "yi_yuan", 0, "当年", "in the year"),
    ("completion_annual", "年度达标比例", "Share meeting the annual target", "ratio", 1, "被考核创建小镇", "of assessed towns"),
    ("housing_share", "住宅占比", "Housing share", "ratio", -1, "当年", "in the year"),
    ("core_share", "特色产业占比", "Core-industry share", "ratio", 1, "当年", "in the year"),
    ("public_cost", "政策公共支出", "Public cost of the policy", "yi_yuan", -1, "当年", "in the year"),
    ("land_rewarded", "奖励用地", "Land rewarded", "mu", 0, "当年", "in the year"),
    ("land_clawed", "倒扣用地", "Land clawed back", "mu", 0, "当年", "in the year"),
    ("idle_land", "闲置土地", "Idle land", "mu", -1, "年末", "at the year's end"),
    ("debt", "政府债务", "Government debt", "yi_yuan", -1, "年末", "at the year's end"),
    ("firms", "企业", "Enterprises", "firms", 1, "年末", "at the year's end"),
    ("entrants", "新入驻企业", "Entrants", "firms", 1, "当年", "in the year"),
    ("exits", "企业退出", "Closures", "firms", -1, "当年", "in the year"),
    ("jobs", "就业", "Jobs", "persons", 1, "年末", "at the year's end"),
    ("talents", "人才", "Talents", "persons", 1, "年末", "at the year's end"),
    ("output", "产值", "Output", "yi_yuan", 1, "当年", "in the year"),
    ("tax", "税收", "Tax", "yi_yuan", 1, "当年", "in the year"),
    ("village_income", "村民收入", "Village income", "wan_yuan_per_person", 1, "年末", "at the year's end"),
    ("applied", "申报", "Applied", "ratio", 0, "当年申报的选址比例", "share of sites that applied"),
    ("pushed", "冲刺", "Pushed", "ratio", 0, "选择冲刺的选址比例", "share of sites that push"),
    ("inflated", "虚报", "Inflated", "ratio", -1, "选择冲刺并虚报的选址比例", "share of sites that push and inflate"),
    ("drifted", "转向住宅", "Drifted", "ratio", -1, "选择以住宅为主的选址比例", "share of sites that drift into housing"),
    ("coasted", "观望", "Coasted", "ratio", 0, "选择观望或不参与的选址比例", "share of sites that coast or stay out"),
)


def _summary(row: tuple[str, str, str, str, tuple[str, str], tuple[str, str], int, str, str]) -> Outcome:
    id_, zh, en, unit, who, when, better, dzh, den = row
    pair = lambda x: {"zh": x[0], "en": x[1]}  # noqa: E731
    return Outcome(id_, {"zh": zh, "en": en}, unit, pair(who), pair(when), "summary", better, {"zh": dzh, "en": den})


def _yearly(row: tuple[str, str, str, str, int, str, str]) -> Outcome:
    id_, zh, en, unit, better, dzh, den = row
    who, when = {"zh": _SITES[0], "en": _SITES[1]}, {"zh": _YEAR[0], "en": _YEAR[1]}
    return Outcome(id_, {"zh": zh, "en": en}, unit, who, when, "yearly", better, {"zh": dzh, "en": den})


OUTCOMES: Mapping[str, Outcome] = {o.id: o for o in map(_summary, _SUMMARY)}
"""One number a run."""

YEARLY: Mapping[str, Outcome] = {o.id: o for o in map(_yearly, _YEARLY)}
"""One number a calendar year."""
