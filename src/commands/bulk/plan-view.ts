import { counted } from '../../domain/counted.js';
import type { BulkOperation } from '../../bindings/bulk/operations.js';
import type { BulkPlan } from '../../bindings/bulk/plan-rows.js';
import type { JobHead } from '../../store/jobs.js';
import { formatDuration } from '../../domain/duration.js';
import { formatMode } from '../../domain/mode.js';
import type { TextPair } from '../../domain/text-pair.js';
import type { ItemView } from '../../output/view.js';
import { NOTHING_SENT } from '../dry-run-words.js';
import type { RunSettings } from './bulk-flags.js';

/** Problems that are told one by one. */
const TOLD = 20;

/** Fields of a plan, for help. */
export const PLAN_FIELDS =
  'Plan: operation, mode, file, rows, toSend, already, skipped, conflicts, invalid, problems {row, code, message}, requests, ratePerSecond, seconds';

type Work = Pick<JobHead, 'operation' | 'mode' | 'file'>;

/** A plan as data. `requests` are those of the rows alone; `seconds` follows from the rate, without pauses for flow control. */
function planItem(plan: BulkPlan, work: Work, settings: RunSettings): Readonly<Record<string, unknown>> {
  const { warnings: _, problems, ...counts } = plan;
  const limited = Number.isFinite(settings.ratePerSecond);
  return {
    operation: work.operation,
    mode: work.mode,
    file: work.file,
    ...counts,
    problems: problems.map(({ row, code, words }) => ({ row, code, message: words.en })),
    requests: plan.toSend,
    ratePerSecond: limited ? settings.ratePerSecond : null,
    seconds: limited ? Math.ceil(plan.toSend / settings.ratePerSecond) : null,
  };
}

const CHINESE = { bind: '绑定', unbind: '解绑', update: '修改' } as const satisfies Record<BulkOperation, string>;

/** One line for people: what would be done, what not, and how long it takes. */
export function planLine(plan: BulkPlan, work: Work, settings: RunSettings): TextPair {
  const { toSend, already, skipped, conflicts, invalid } = plan;
  const parts: readonly (readonly [count: number, zh: string, en: string])[] = [
    [already, `${already} 行已完成`, `${already} done already`],
    [skipped, `${skipped} 行按文件中的结果从未绑定`, `${skipped} never bound by the file's outcome`],
    [conflicts, `${conflicts} 行冲突`, `${conflicts} in conflict`],
    [invalid, `${invalid} 行无法使用`, `${invalid} that cannot be used`],
  ];
  const told = parts.filter(([count]) => count > 0);
  const zh = [`${toSend} 行待${CHINESE[work.operation]}`, ...told.map(([, text]) => text)].join('，');
  const en = [`${toSend} to ${work.operation}`, ...told.map(([, , text]) => text)].join(', ');
  const isLimited = Number.isFinite(settings.ratePerSecond);
  const about = isLimited ? formatDuration(toSend / settings.ratePerSecond) : '';
  const file = `${work.file} (${formatMode(work.mode)})`;
  return {
    zh: `${file}：${plan.rows} 行：${zh}；${toSend} 个请求${isLimited ? `，约 ${about}` : ''}`,
    en: `${file}: ${counted(plan.rows, 'row')}: ${en}; ${counted(toSend, 'request')}${isLimited ? `, about ${about}` : ''}`,
  };
}

/** Warnings and the first problems, a line each. */
export function planNotes(plan: BulkPlan): readonly TextPair[] {
  const told = plan.problems
    .slice(0, TOLD)
    .map(({ row, words }) => ({ zh: `第 ${row} 行：${words.zh}`, en: `row ${row}: ${words.en}` }));
  const more = plan.conflicts + plan.invalid - told.length;
  const rest = {
    zh: `另有 ${more} 行；-o json 会逐一列出`,
    en: `and ${counted(more, 'more row')}; -o json names them`,
  };
  return [...plan.warnings, ...told, ...(more > 0 ? [rest] : [])];
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
    warnings: [...planNotes(plan), NOTHING_SENT],
  };
}
