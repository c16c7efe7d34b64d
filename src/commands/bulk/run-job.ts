import { NOUNS, partPair } from '../../domain/counted.js';
import { indexForRows } from '../../bindings/bulk/index-for-rows.js';
import { Pace } from '../../bindings/bulk/pace.js';
import { buildRowWork } from '../../bindings/bulk/row-work.js';
import { readRow } from '../../bindings/bulk/row-values.js';
import { runRows } from '../../bindings/bulk/run-rows.js';
import { trackDoubts } from '../../bindings/bulk/track-doubts.js';
import { retryLimitsOf } from '../../config/resolve-settings.js';
import type { Words } from '../../domain/text-pair.js';
import { AppError } from '../../errors.js';
import type { ItemView } from '../../output/view.js';
import { sleep } from '../../sleep.js';
import type { JobLog } from '../../store/jobs.js';
import type { Table, TableRow } from '../../tables/read-table.js';
import type { CommandContext } from '../command-context.js';
import type { RunSettings } from './bulk-flags.js';
import type { JobRows } from './job-rows.js';
import { type JobItem, jobItem, jobView } from './job-view.js';
import { writeOutputs } from './write-outputs.js';

/** First pause after a fault of network or platform. */
const RETRY_MS = 1000;

/**
 * Does the rows of a job that are left, writes the files that were asked for, and says how the job stands.
 * @throws AppError `credentials-…`, `disk-full`, `storage-…`; what ends the run early is the view's outcome.
 */
export async function runJob(
  context: CommandContext,
  job: JobLog,
  {
    rows,
    settings,
    notes,
  }: { readonly rows: JobRows; readonly settings: RunSettings; readonly notes?: readonly Words[] | undefined },
): Promise<ItemView<JobItem>> {
  const before = jobItem(job);
  const stopped = before.state === 'open' ? await runOpenRows(context, job, { rows, settings }) : undefined;
  await writeOutputs(job, rows.table, { out: settings.out, rejects: settings.rejects, cwd: context.cwd });
  return jobView(jobItem(job), stopped, notes);
}

async function runOpenRows(
  context: CommandContext,
  job: JobLog,
  { rows, settings }: { readonly rows: JobRows; readonly settings: RunSettings },
): Promise<AppError | undefined> {
  const { operation, mode } = rows.reading;
  const store = await context.store();
  const pace = new Pace({
    ratePerSecond: settings.ratePerSecond,
    sleep,
    elapsedMs: () => performance.now(),
  });
  // The run pauses all its workers for flow control; a request that waits by itself would keep a slot and tell nobody.
  const platform = await context.platform(mode, { flowControlWaits: 0 });
  const books = await trackDoubts({
    platform,
    ledger: store.ledger,
    inventory: store.inventory,
    now: () => context.now(),
  });
  const work = buildRowWork({
    books,
    index: await indexForRows(store.ledger, askingRows(job, rows), { reading: rows.reading, now: context.now() }),
    operation,
    mode,
    ifExists: job.head.ifExists ?? 'skip',
    ignoreMissing: job.head.ignoreMissing === true,
    turn: () => pace.turn(context.signal),
  });
  const { left } = jobItem(job);
  const total = left + job.counts['in-doubt'];
  const progress = await context.progress(partPair(0, total, NOUNS.row));
  let finished = 0;
  try {
    return await runRows(
      {
        job,
        work,
        pace,
        now: () => context.now(),
        valuesOf: (row) => {
          const read = readRow(rows.reading, row);
          if ('values' in read) return read.values;
          throw new AppError('input-invalid', {
            zh: `${job.head.file} 第 ${row.row} 行：${read.problem.zh}`,
            en: `${job.head.file}, row ${row.row}: ${read.problem.en}`,
          });
        },
        onRow: () => {
          finished += 1;
          progress.update(partPair(finished, total, NOUNS.row));
        },
      },
      rows.table.rows(),
      {
        concurrency: settings.concurrency,
        flowControlMs: settings.pauseMs,
        flowControlWaits: retryLimitsOf(context.settings).flowControlWaits,
        retryMs: Math.min(RETRY_MS, settings.pauseMs),
        maxErrors: settings.maxErrors(total),
        signal: context.signal,
      },
    );
  } finally {
    progress.stop();
  }
}

/**
 * The rows about which the run asks what the ledger held when it began: those of an unbind that are left, and of a bind those whose request had left in an
 * earlier run. That of a bind that leaves now is later than anything that this ledger knows.
 */
function askingRows(job: JobLog, { table, reading }: JobRows): Pick<Table, 'rows'> {
  const isAsking = ({ index }: TableRow): boolean => {
    const state = job.stateOf(index);
    return state === 'sent' || state === 'in-doubt' || (state === 'waiting' && reading.operation !== 'bind');
  };
  const { waiting, sent, 'in-doubt': inDoubt } = job.counts;
  const count = sent + inDoubt + (reading.operation === 'bind' ? 0 : waiting);
  return {
    rows: async function* () {
      let left = count;
      if (left === 0) return;
      for await (const batch of table.rows()) {
        const asking = batch.filter(isAsking);
        if (asking.length > 0) yield asking;
        left -= asking.length;
        if (left <= 0) return;
      }
    },
  };
}
