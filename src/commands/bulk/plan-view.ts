import { counted } from '../../domain/counted.js';
import type { BulkPlan } from '../../bindings/bulk/plan-rows.js';
import type { JobHead } from '../../store/store.js';
import { formatDuration } from '../../domain/duration.js';
import { formatMode } from '../../domain/mode.js';
import type { ItemView } from '../../output/view.js';
import type { RunSettings } from './bulk-flags.js';

/** Problems that are told one by one. */
const TOLD = 20;

/** Fields of a plan, for help. */
export const PLAN_FIELDS =
  'Plan: operation, mode, file, rows, toSend, already, skipped, conflicts, invalid, problems {row, code, message}, requests, ratePerSecond, seconds';

type Work = Pick<JobHead, 'operation' | 'mode' | 'file'>;

/** A plan as data. `requests` are those of the rows alone; `seconds` follows from the rate, without pauses for flow control. */
function planItem(plan: BulkPlan, work: Work, settings: RunSettings): Readonly<Record<string, unknown>> {
  const { warnings: _, ...counts } = plan;
  const limited = Number.isFinite(settings.ratePerSecond);
  return {
    operation: work.operation,
    mode: work.mode,
    file: work.file,
    ...counts,
    requests: plan.toSend,
    ratePerSecond: limited ? settings.ratePerSecond : null,
    seconds: limited ? Math.ceil(plan.toSend / settings.ratePerSecond) : null,
  };
}

/** One line for people: what would be done, what not, and how long it takes. */
export function planLine(plan: BulkPlan, work: Work, settings: RunSettings): string {
  const parts = [`${plan.toSend} to ${work.operation}`];
  if (plan.already > 0) parts.push(`${plan.already} done already`);
  if (plan.skipped > 0) parts.push(`${plan.skipped} never bound by the file's outcome`);
  if (plan.conflicts > 0) parts.push(`${plan.conflicts} in conflict`);
  if (plan.invalid > 0) parts.push(`${plan.invalid} that cannot be used`);
  const about = formatDuration(plan.toSend / settings.ratePerSecond);
  const time = Number.isFinite(settings.ratePerSecond) ? `, about ${about}` : '';
  return `${work.file} (${formatMode(work.mode)}): ${counted(plan.rows, 'row')}: ${parts.join(', ')}; ${counted(plan.toSend, 'request')}${time}`;
}

/** Warnings and the first problems, a line each. */
export function planNotes(plan: BulkPlan): readonly string[] {
  const told = plan.problems.slice(0, TOLD).map(({ row, message }) => `row ${row}: ${message}`);
  const more = plan.conflicts + plan.invalid - told.length;
  return [...plan.warnings, ...told, ...(more > 0 ? [`and ${counted(more, 'more row')}; -o json names them`] : [])];
}

/** The plan alone, for `--dry-run`. */
export function planView(plan: BulkPlan, work: Work, settings: RunSettings): ItemView {
  return {
    view: 'item',
    kind: 'Plan',
    item: planItem(plan, work, settings),
    columns: [
      { field: 'operation', title: { zh: '操作', en: 'Operation' } },
      { field: 'mode', title: { zh: '模式', en: 'Mode' } },
      { field: 'file', title: { zh: '文件', en: 'File' } },
      { field: 'rows', title: { zh: '行数', en: 'Rows' } },
      { field: 'toSend', title: { zh: '待执行', en: 'To send' } },
      { field: 'already', title: { zh: '已存在', en: 'Already' } },
      { field: 'skipped', title: { zh: '从未绑定', en: 'Never bound' } },
      { field: 'conflicts', title: { zh: '冲突', en: 'Conflicts' } },
      { field: 'invalid', title: { zh: '无效', en: 'Invalid' } },
      { field: 'requests', title: { zh: '请求数', en: 'Requests' } },
      { field: 'seconds', title: { zh: '预计秒数', en: 'Seconds' } },
    ],
    warnings: [...planNotes(plan), 'nothing was sent (--dry-run)'],
  };
}
