import { counted } from '../../domain/counted.js';
import type { IfExists } from '../../bindings/bind-number.js';
import { type BulkPlan, planRows } from '../../bindings/bulk/plan-rows.js';
import type { BulkOperation } from '../../bindings/bulk/operations.js';
import type { BindingMode } from '../../domain/mode.js';
import { formatMode } from '../../domain/mode.js';
import type { TextPair } from '../../domain/text-pair.js';
import type { View } from '../../output/view.js';
import type { Values } from '../../platform/declarations/declaration.js';
import type { JobHead, RowLine } from '../../store/jobs.js';
import { quoteHeading } from '../../tables/read-table.js';
import type { CommandContext } from '../command-context.js';
import { openInputFile } from '../read-input.js';
import { NO_PROFILE } from '../typed-command.js';
import { type BulkFlags, parseMapping, readRunFlags, type RunSettings } from './bulk-flags.js';
import { bulkTemplate } from './bulk-template.js';
import { checkOutputs } from './check-outputs.js';
import { type JobRows, openJobRows } from './job-rows.js';
import { jobItem, jobView } from './job-view.js';
import { openJobs } from './open-jobs.js';
import { planLine, planNotes, planView } from './plan-view.js';
import { runJob } from './run-job.js';
import { writeOutputs } from './write-outputs.js';

/** What `bind`, `unbind` or `update` is to do with many rows. */
export interface BulkRequest {
  readonly operation: BulkOperation;
  readonly mode: BindingMode;
  /** Own values that every row has unless its cell says otherwise. */
  readonly defaults: Values;
  readonly ifExists?: IfExists | undefined;
  readonly ignoreMissing?: boolean | undefined;
  readonly flags: BulkFlags;
}

/** Lines that share one write while a file is planned. */
const BATCH = 1000;
/** Columns that a results file adds, see `writeOutputs`: read again, they mean nothing. */
const RESULT_COLUMN = /^((outcome|code|message)(_\d+)?|(subscriptionId|x|y|extension)_\d+)$/;

/**
 * Plans the rows of a file, shows the plan, asks once, and does them as a job. The same work started again goes on where it ended.
 * @throws AppError `input-…`, `flag-…`, `confirmation-missing`, `job-running`, `storage-…`.
 */
export async function runBulk(context: CommandContext, request: BulkRequest): Promise<View> {
  const { operation, mode, flags } = request;
  if (flags.template === true || flags.file === undefined) {
    return { view: 'text', text: bulkTemplate(operation, mode, context.lang) };
  }
  const settings = readRunFlags(flags);
  const { out, rejects } = settings;
  const file = flags.file === '-' ? undefined : flags.file;
  await checkOutputs({ file, out, rejects }, { cwd: context.cwd, lookOnly: context.global.dryRun });
  const work = {
    operation,
    mode,
    profile: context.profile ?? NO_PROFILE,
    file: file ?? 'stdin',
    defaults: request.defaults,
    mapping: parseMapping(flags.map),
    ifExists: operation === 'bind' ? (request.ifExists ?? 'skip') : undefined,
    ignoreMissing: request.ignoreMissing,
  };
  const input = await openInputFile('--file', flags.file, context);
  if (context.global.dryRun) {
    const plan = await planFile(context, work, await openJobRows(work, input));
    return planView(plan, work, settings);
  }
  const { job, resumed, before } = await (await openJobs(context)).start(work, input());
  context.defer(() => job.close());
  const rows = await openJobRows(work, () => job.input());
  if (resumed) {
    const { done, already, refused, left, inDoubt } = jobItem(job);
    const over = done + already + refused;
    await context.note({
      zh: `继续任务 ${job.head.id}：${over} 行已结束，剩余 ${left} 行，${inDoubt} 行存疑`,
      en: `${job.head.id} goes on: ${counted(over, 'row is', 'rows are')} over, ${left} left, ${inDoubt} in doubt`,
    });
    await confirmRun(context, { work, count: left + inDoubt });
    return runJob(context, job, { rows, settings });
  }
  let lines: RowLine[] = [];
  const flush = async (): Promise<void> => {
    const full = lines;
    lines = [];
    await job.append(full);
  };
  const plan = await planFile(context, work, rows, async (line) => {
    lines.push(line);
    if (lines.length >= BATCH) await flush();
  });
  await flush();
  await showPlan(context, plan, { work, settings });
  // A job of its own for each time that nothing was left to do would only copy the input once more.
  if (before !== undefined && plan.rows > 0 && plan.already === plan.rows && before.counts.already === plan.rows) {
    await writeOutputs(job, rows.table, { out, rejects, cwd: context.cwd });
    const stands = {
      zh: `每一行都已完成：任务 ${before.head.id} 仍有效，没有新建任务`,
      en: `every row is done already: ${before.head.id} stands, no new job was made`,
    };
    return jobView(jobItem(before), undefined, [stands]);
  }
  if (plan.toSend > 0) await confirmRun(context, { work, count: plan.toSend });
  await job.begin(plan.rows);
  return runJob(context, job, { rows, settings, notes: planNotes(plan) });
}

async function planFile(
  context: CommandContext,
  work: Pick<JobHead, 'operation' | 'file' | 'ifExists'>,
  rows: JobRows,
  onDecided?: (line: RowLine) => Promise<void>,
): Promise<BulkPlan> {
  const { ledger, inventory } = await context.store();
  const plan = await planRows({ ledger, inventory, now: () => context.now() }, rows.table, {
    reading: rows.reading,
    resendSame: work.ifExists === 'update',
    onDecided,
  });
  const unused = rows.columns.unknown.filter((heading) => !RESULT_COLUMN.test(heading));
  if (unused.length === 0) return plan;
  const named = unused.slice(0, 10).map(quoteHeading).join(', ');
  const kept = {
    zh: `${work.file}：以下列没有读取，在 --out 中保留：${named}`,
    en: `${work.file}: not read, kept in --out: ${named}`,
  };
  return { ...plan, warnings: [kept, ...plan.warnings] };
}

async function showPlan(
  context: CommandContext,
  plan: BulkPlan,
  { work, settings }: { readonly work: Pick<JobHead, 'operation' | 'mode' | 'file'>; readonly settings: RunSettings },
): Promise<void> {
  await context.note(planLine(plan, work, settings));
  // Without a question the notes come with the result.
  if (!context.interactive || context.global.yes) return;
  for (const { zh, en } of planNotes(plan)) await context.note({ zh: `  ${zh}`, en: `  ${en}` });
}

const VERBS: Readonly<Record<BulkOperation, TextPair>> = {
  bind: { zh: '绑定', en: 'binds' },
  unbind: { zh: '解除', en: 'removes' },
  update: { zh: '修改', en: 'changes' },
};

async function confirmRun(
  context: CommandContext,
  { work, count }: { readonly work: Pick<JobHead, 'operation' | 'mode' | 'file'>; readonly count: number },
): Promise<void> {
  const verb = VERBS[work.operation];
  const file = `${work.file} (${formatMode(work.mode)})`;
  const [zh, noun] = work.operation === 'bind' ? ['行', 'row'] : ['个绑定关系', 'binding'];
  await context.confirm({
    zh: `将${verb.zh} ${file} 的 ${count} ${zh}`,
    en: `this ${verb.en} ${counted(count, noun)} of ${file}`,
  });
}
