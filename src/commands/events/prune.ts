import { AppError, storageError } from '../../errors.js';
import type { Column } from '../../output/view.js';
import { type DayPlan, planPrune, pruneDay } from '../../store/file/prune-journal.js';
import { defineCommand } from '../command.js';
import type { CommandContext } from '../command-context.js';
import { parseSeconds } from '../parse-flags.js';

interface PruneOptions {
  readonly olderThan?: string;
  readonly compressOlderThan?: string;
}

interface DayRow {
  readonly kind: 'JournalDay';
  /** UTC day. */
  readonly day: string;
  readonly action: DayPlan['action'];
  readonly segments: number;
  readonly sizeBytes: number;
  /** Bytes gained; absent in a dry run. */
  readonly gainedBytes?: number | undefined;
}

const DAY_SECONDS = 86_400;

const COLUMNS: readonly Column<DayRow>[] = [
  { field: 'day', title: { zh: '日期 (UTC)', en: 'Day (UTC)' } },
  { field: 'action', title: { zh: '操作', en: 'Action' } },
  { field: 'segments', title: { zh: '文件数', en: 'Files' }, align: 'right' },
  { field: 'sizeBytes', title: { zh: '字节', en: 'Bytes' }, align: 'right' },
  { field: 'gainedBytes', title: { zh: '释放字节', en: 'Gained' }, align: 'right' },
];

export const command = defineCommand<PruneOptions>({
  help: {
    purpose:
      'Remove whole days of the journal that are older than --older-than, and compress those older than --compress-older-than. A removed CDR is gone for good: the platform keeps no copy. Asks before it removes; compressing asks nothing, for every command reads compressed days as before. Days are UTC; today and yesterday stay as they are. A day from which "listen --forward-to" or --exec has not yet handed everything on is needed, and is removed only with --force.',
    examples: [
      { says: 'what would go', line: 'privacy-call -p sandbox events prune --older-than 90d --dry-run' },
      {
        says: 'every night: compress after a week, remove after a year',
        line: 'privacy-call -p sandbox events prune --compress-older-than 7d --older-than 365d --yes',
      },
    ],
    output: 'JournalDay: day, action (remove, compress, needed), segments, sizeBytes, gainedBytes',
    exits: ['storage'],
  },
  define: (target) => {
    target
      .option('--older-than <time>', 'remove days older than this, in whole days: 90d')
      .option('--compress-older-than <time>', 'compress days older than this: 7d');
  },
  async run(options, context) {
    const { global } = context;
    const removeDays = daysOf('--older-than', options.olderThan);
    const compressDays = daysOf('--compress-older-than', options.compressOlderThan);
    if (removeDays === undefined && compressDays === undefined)
      throw new AppError('flag-missing', 'give --older-than, --compress-older-than or both');
    const { location: folder } = await (await context.store()).health();
    const planned = await inStorage(folder, () => planPrune(folder, { removeDays, compressDays, now: context.now() }));
    const plans = global.force
      ? planned.map((plan) => (plan.action === 'needed' ? { ...plan, action: 'remove' as const } : plan))
      : planned;
    const removed = plans.filter(({ action }) => action === 'remove');
    if (removed.length > 0 && !global.dryRun) {
      const span = `${removed[0]?.day ?? ''} to ${removed.at(-1)?.day ?? ''}`;
      await context.confirm(`this removes ${removed.length} days of pushes (${span}) for good`);
    }
    return {
      view: 'list',
      kind: 'JournalDayList',
      items: rows(folder, plans, context),
      columns: COLUMNS,
      warnings: plans.some(({ action }) => action === 'needed')
        ? ['days that are needed were kept: not everything in them has been handed on (--force removes them)']
        : [],
    };
  },
});

async function* rows(folder: string, plans: readonly DayPlan[], context: CommandContext): AsyncGenerator<DayRow> {
  for (const plan of plans) {
    context.signal.throwIfAborted();
    const gainedBytes = context.global.dryRun ? undefined : await inStorage(folder, () => pruneDay(folder, plan));
    yield { kind: 'JournalDay', ...plan, gainedBytes };
  }
}

function daysOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const days = parseSeconds(flag, text) / DAY_SECONDS;
  if (!Number.isInteger(days) || days < 1)
    throw new AppError('flag-invalid', `${flag} ${text}: must be whole days of at least 1d`);
  return days;
}

async function inStorage<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageError(error, `cannot tidy the journal in ${folder}`);
  }
}
