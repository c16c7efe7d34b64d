import { formatMode } from '../../domain/mode.js';
import { OUTCOME_TEXTS } from '../../domain/outcome.js';
import type { CallStatistics } from '../../notifications/aggregate-calls.js';
import type { GroupKey } from '../../notifications/group-key.js';
import { percent } from '../../output/percent.js';
import type { CellPainter, Column } from '../../output/view.js';
import { causeText } from '../columns.js';

type StatisticsColumn = Column<CallStatistics> & { readonly cell: NonNullable<Column<CallStatistics>['cell']> };

/** Monday first. */
export const WEEKDAYS = {
  zh: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
} as const;

const GROUP_COLUMNS: Readonly<Record<GroupKey, StatisticsColumn>> = {
  hour: { field: 'hour', title: { zh: '小时', en: 'Hour' }, cell: ({ hour }) => hourText(hour) },
  day: { field: 'day', title: { zh: '日期', en: 'Day' }, cell: ({ day }) => day },
  weekday: {
    field: 'weekday',
    title: { zh: '星期', en: 'Weekday' },
    cell: ({ weekday }, { lang }) => WEEKDAYS[lang][(weekday ?? 0) - 1],
  },
  x: { field: 'x', title: { zh: 'X号码', en: 'X' }, cell: ({ x }, paint) => paint.number(x) },
  mode: {
    field: 'mode',
    title: { zh: '模式', en: 'Mode' },
    cell: ({ mode }) => (mode === undefined ? undefined : formatMode(mode)),
  },
  outcome: {
    field: 'outcome',
    title: { zh: '结果', en: 'Outcome' },
    cell: ({ outcome }, paint) => (outcome === undefined ? undefined : paint.words(OUTCOME_TEXTS[outcome])),
  },
  cause: {
    field: 'cause.code',
    title: { zh: '原因', en: 'Cause' },
    cuts: true,
    cell: ({ cause }, paint) => causeText(cause, paint),
  },
  area: { field: 'area', title: { zh: '区号', en: 'Area' }, cell: ({ area }, paint) => paint.text(area) },
};

const FIGURE_COLUMNS: readonly StatisticsColumn[] = [
  { field: 'calls', title: { zh: '呼叫', en: 'Calls' }, align: 'right', cell: ({ calls }) => String(calls) },
  {
    field: 'answered',
    title: { zh: '接通', en: 'Answered' },
    align: 'right',
    cell: ({ answered }) => String(answered),
  },
  {
    field: 'answerRate',
    title: { zh: '接通率', en: 'Rate' },
    align: 'right',
    // Not from the rate, which is rounded already.
    cell: ({ answered, calls }) => percent(answered, calls),
  },
  {
    field: 'talkMinutes',
    title: { zh: '通话分钟', en: 'Talk min' },
    align: 'right',
    cell: ({ talkMinutes }) => talkMinutes.toFixed(1),
  },
  {
    field: 'billedMinutes',
    title: { zh: '计费分钟', en: 'Billed' },
    align: 'right',
    cell: ({ billedMinutes }) => String(billedMinutes),
  },
  lengthColumn('ringSecondsMedian', { zh: '振铃中位', en: 'Ring med' }, 3),
  lengthColumn('ringSecondsP95', { zh: '振铃P95', en: 'Ring p95' }, 4),
  lengthColumn('talkSecondsMedian', { zh: '通话中位', en: 'Talk med' }, 1),
  lengthColumn('talkSecondsP95', { zh: '通话P95', en: 'Talk p95' }, 2),
];

/** Columns of statistics by these keys: the groups first, then the figures. */
export function statisticsColumns(by: readonly GroupKey[]): readonly StatisticsColumn[] {
  return [...by.map((key) => GROUP_COLUMNS[key]), ...FIGURE_COLUMNS];
}

/** What a group is called in a chart; what is missing is a dash. */
export function groupLabel(row: CallStatistics, by: readonly GroupKey[], paint: CellPainter): string {
  return by.map((key) => GROUP_COLUMNS[key].cell(row, paint) ?? '—').join(' · ');
}

/** Titles of the keys in the chosen language, as words inside a sentence. */
export function groupTitle(by: readonly GroupKey[], lang: 'zh' | 'en'): string {
  return by
    .map((key) => GROUP_COLUMNS[key].title[lang].replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase()))
    .join(' · ');
}

function hourText(hour: number | undefined): string | undefined {
  return hour === undefined ? undefined : `${String(hour).padStart(2, '0')}:00`;
}

function lengthColumn(
  field: 'ringSecondsMedian' | 'ringSecondsP95' | 'talkSecondsMedian' | 'talkSecondsP95',
  title: Column<CallStatistics>['title'],
  drops: number,
): StatisticsColumn {
  return { field, title, drops, align: 'right', cell: (row, paint) => paint.seconds(row[field]) };
}
