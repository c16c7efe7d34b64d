import type { CallAggregate, CallStatistics } from '../../notifications/aggregate-calls.js';
import type { GroupKey } from '../../notifications/group-key.js';
import { plotBars } from '../../output/plot-bars.js';
import { plotHeatMap } from '../../output/plot-heat-map.js';
import { plotSparkline } from '../../output/plot-sparkline.js';
import type { CellPainter } from '../../output/view.js';
import { groupLabel, groupTitle, WEEKDAYS } from './stats-columns.js';

/** Bars that fit a screen or two; the table above has them all. */
const MOST_BARS = 40;

const TEXTS = {
  bars: { zh: '按{by}的呼叫数（█ 接通 ░ 未接通）', en: 'Calls by {by} (█ answered ░ not answered)' },
  more: { zh: '另有 {count} 组', en: 'and {count} more groups' },
  days: { zh: '每日呼叫数', en: 'Calls by day' },
  each: { zh: '每格 {count} 天', en: '{count} days each' },
  week: { zh: '星期 × 小时', en: 'Weekday × hour' },
} as const;

/**
 * Bars of the groups, calls by day and the week by hours, as lines for a terminal of `width` columns.
 * @returns an empty text where there are no calls.
 */
export function plotStatistics(
  aggregate: Pick<CallAggregate, 'days' | 'week'> & { readonly rows: readonly CallStatistics[] },
  by: readonly GroupKey[],
  { width, paint }: { readonly width: number; readonly paint: CellPainter },
): string {
  const say = (text: keyof typeof TEXTS, value: string | number = ''): string =>
    TEXTS[text][paint.lang].replace(/\{\w+\}/, String(value));
  const { rows, days, week } = aggregate;
  const shown = rows.slice(0, MOST_BARS);
  const bars = plotBars(
    shown.map((row) => ({ label: groupLabel(row, by, paint), part: row.answered, whole: row.calls })),
    { width, paint },
  );
  if (bars === '') return '';
  const more = rows.length > shown.length ? `${say('more', rows.length - shown.length)}\n` : '';
  const parts = [`${say('bars', groupTitle(by, paint.lang))}\n${bars}${more}`];
  const line = plotSparkline(
    days.map(({ calls }) => calls),
    width,
  );
  if (days.length > 1) {
    const each = line.valuesEach > 1 ? ` (${say('each', line.valuesEach)})` : '';
    const span = `${days[0]?.day ?? ''} – ${days.at(-1)?.day ?? ''}`;
    parts.push(`${say('days')}${each}: ${span}\n${line.text}\n`);
  }
  const heat = plotHeatMap(week, WEEKDAYS[paint.lang], width);
  if (heat !== '') parts.push(`${say('week')}\n${heat}`);
  return parts.join('\n');
}
