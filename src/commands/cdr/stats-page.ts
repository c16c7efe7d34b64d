import { formatLocal } from '../../domain/instant.js';
import type { CallAggregate, CallStatistics } from '../../notifications/aggregate-calls.js';
import type { GroupKey } from '../../notifications/group-key.js';
import { htmlBars, htmlColumns, htmlHeatMap } from '../../output/html-charts.js';
import { type HtmlSection, htmlPage } from '../../output/html-page.js';
import { buildPainter } from '../../output/painter.js';
import { percent } from '../../output/percent.js';
import type { CellPainter } from '../../output/view.js';
import { groupLabel, groupTitle, statisticsColumns, WEEKDAYS } from './stats-columns.js';

/** What the page is made of. */
export interface StatisticsPage {
  readonly aggregate: CallAggregate;
  /** Rows to show: all of the aggregate's, or the first of them. */
  readonly rows: readonly CallStatistics[];
  readonly by: readonly GroupKey[];
  readonly zone: string;
  readonly lang: 'zh' | 'en';
  readonly mask: boolean;
  /** Range that was asked for; the first and last call stand in. `until` itself is left out. */
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly madeAt: Date;
}

/** A longer table would push the other charts out of sight. */
const OPEN_ROWS = 15;

const TEXTS = {
  zh: {
    title: '隐私保护通话统计',
    range: (from: string, to: string, zone: string) => `${from} 至 ${to}（${zone}）`,
    empty: '没有呼叫',
    made: (at: string) => `生成于 ${at}`,
    groups: (shown: number, all: number) => `显示 ${all} 组中的 ${shown} 组`,
    calls: '呼叫',
    rate: '接通率',
    talk: '通话分钟',
    billed: '计费分钟',
    ring: '振铃中位 / P95',
    length: '通话中位 / P95',
    by: (what: string) => `按${what}`,
    days: '每日呼叫数',
    week: '星期 × 小时',
    legend: ['接通', '未接通'],
    table: '数据表',
    day: '日期',
    answered: '接通',
    weekday: '星期',
  },
  en: {
    title: 'PrivateNumber calls',
    range: (from: string, to: string, zone: string) => `${from} to ${to} (${zone})`,
    empty: 'no calls',
    made: (at: string) => `made ${at}`,
    groups: (shown: number, all: number) => `${shown} of ${all} groups are shown`,
    calls: 'calls',
    rate: 'answered',
    talk: 'minutes of talk',
    billed: 'billed minutes',
    ring: 'ring, median / p95',
    length: 'talk, median / p95',
    by: (what: string) => `By ${what}`,
    days: 'Calls by day',
    week: 'Weekday × hour',
    legend: ['answered', 'not answered'],
    table: 'Figures',
    day: 'Day',
    answered: 'Answered',
    weekday: 'Weekday',
  },
} as const;

/** The statistics as one HTML page that needs nothing else. Phone numbers are masked where `mask` says so. */
export function statisticsPage(page: StatisticsPage): string {
  const { aggregate, rows, by, zone, lang, madeAt } = page;
  const text = TEXTS[lang];
  const paint = buildPainter({ zone, lang, mask: page.mask, colour: false });
  const { total } = aggregate;
  const [from, to] = [page.since ?? aggregate.firstAt, page.until ?? aggregate.lastAt];
  const range =
    from === undefined || to === undefined
      ? `${text.empty} (${zone})`
      : text.range(formatLocal(from, zone), formatLocal(to, zone), zone);
  const pair = (one: number | undefined, other: number | undefined): string =>
    `${paint.seconds(one) ?? '–'} / ${paint.seconds(other) ?? '–'}`;
  return htmlPage({
    lang,
    title: text.title,
    about: [
      range,
      ...(rows.length < aggregate.rows.length ? [text.groups(rows.length, aggregate.rows.length)] : []),
      text.made(formatLocal(madeAt, zone)),
    ],
    figures: [
      { label: text.calls, value: String(total.calls) },
      { label: text.rate, value: percent(total.answered, total.calls) },
      { label: text.talk, value: total.talkMinutes.toFixed(1) },
      { label: text.billed, value: String(total.billedMinutes) },
      { label: text.ring, value: pair(total.ringSecondsMedian, total.ringSecondsP95) },
      { label: text.length, value: pair(total.talkSecondsMedian, total.talkSecondsP95) },
    ],
    sections: [groupSection(rows, by, paint), ...daySection(aggregate, by, paint), weekSection(aggregate, paint)],
  });
}

function groupSection(rows: readonly CallStatistics[], by: readonly GroupKey[], paint: CellPainter): HtmlSection {
  const text = TEXTS[paint.lang];
  const columns = statisticsColumns(by);
  const values = rows.map((row) => ({ label: groupLabel(row, by, paint), part: row.answered, whole: row.calls }));
  const title = text.by(groupTitle(by, paint.lang));
  return {
    title,
    chart: by.join() === 'day' ? htmlColumns(values, title) : htmlBars(values),
    legend: text.legend,
    tableTitle: text.table,
    open: rows.length <= OPEN_ROWS,
    table: {
      head: columns.map((column) => column.title[paint.lang]),
      rows: rows.map((row) => columns.map((column) => column.cell(row, paint) ?? '')),
      words: by.length,
    },
  };
}

/** By day alone the groups are the days already. */
function daySection({ days }: CallAggregate, by: readonly GroupKey[], { lang }: CellPainter): HtmlSection[] {
  if (by.join() === 'day') return [];
  const text = TEXTS[lang];
  const section: HtmlSection = {
    title: text.days,
    chart: htmlColumns(
      days.map(({ day, calls, answered }) => ({ label: day, part: answered, whole: calls })),
      text.days,
    ),
    legend: text.legend,
    tableTitle: text.table,
    open: false,
    table: {
      head: [text.day, text.calls, text.answered],
      rows: days.map(({ day, calls, answered }) => [day, String(calls), String(answered)]),
      words: 1,
    },
  };
  return [section];
}

function weekSection({ week }: CallAggregate, { lang }: CellPainter): HtmlSection {
  const text = TEXTS[lang];
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
  return {
    title: text.week,
    chart: htmlHeatMap(week, WEEKDAYS[lang], text.week),
    tableTitle: text.table,
    open: false,
    table: {
      head: [text.weekday, ...hours],
      rows: week.map((row, index) => [WEEKDAYS[lang][index] ?? '', ...row.map(String)]),
      words: 1,
    },
  };
}
