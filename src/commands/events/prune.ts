import type { TextPair } from '../../domain/text-pair.js';
import { formatInstant } from '../../domain/instant.js';
import { counted } from '../../domain/counted.js';
import { AppError, storageError } from '../../errors.js';
import type { Column } from '../../output/view.js';
import { type DayPlan, planPrune, pruneDay } from '../../store/file/prune-journal.js';
import type { KnownConsumer } from '../../store/file/list-consumers.js';
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
  /** Names of the consumers that still need it. */
  readonly neededBy?: readonly string[] | undefined;
}

const DAY_SECONDS = 86_400;

const COLUMNS: readonly Column<DayRow>[] = [
  { field: 'day', title: { zh: '日期 (UTC)', en: 'Day (UTC)' } },
  { field: 'action', title: { zh: '操作', en: 'Action' } },
  { field: 'segments', title: { zh: '文件数', en: 'Files' }, align: 'right' },
  { field: 'sizeBytes', title: { zh: '字节', en: 'Bytes' }, align: 'right' },
  { field: 'gainedBytes', title: { zh: '释放字节', en: 'Gained' }, align: 'right' },
  { field: 'neededBy', title: { zh: '等待转发', en: 'Needed by' }, cell: ({ neededBy }) => neededBy?.join(' ') },
];

export const command = defineCommand<PruneOptions>({
  help: {
    purpose:
      'Remove whole days of the journal that are older than --older-than, and compress those older than --compress-older-than. A removed CDR is gone for good: the platform keeps no copy. Asks before it removes; compressing asks nothing, for every command reads compressed days as before. Days are UTC; today and yesterday stay as they are. A day from which "listen --forward-to" or --exec has not yet handed everything on is needed, and is removed only with --force; the warning names who needs it. Where that is a target or hook that is no longer in use, the exit code is 3: start it again, or forget it with "consumers forget".',
    examples: [
      { says: 'what would go', line: 'privacy-call -p sandbox events prune --older-than 90d --dry-run' },
      {
        says: 'every night: compress after a week, remove after a year',
        line: 'privacy-call -p sandbox events prune --compress-older-than 7d --older-than 365d --yes',
      },
    ],
    output: 'JournalDay: day, action (remove, compress, needed), segments, sizeBytes, gainedBytes, neededBy',
    exits: ['partial', 'storage'],
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
      throw new AppError('flag-missing', {
        zh: '请给出 --older-than、--compress-older-than 或两者',
        en: 'give --older-than, --compress-older-than or both',
      });
    const { location: folder } = await (await context.store()).health();
    const planned = await inStorage(folder, () =>
      planPrune(folder, { removeDays, compressDays, now: context.now(), pid: context.pid }),
    );
    const plans: readonly DayPlan[] = global.force
      ? planned.map((plan) => (plan.action === 'needed' ? { ...plan, action: 'remove', neededBy: undefined } : plan))
      : planned;
    const removed = plans.filter(({ action }) => action === 'remove');
    if (removed.length > 0 && !global.dryRun) {
      const days = removed.map(({ day }) => day);
      await context.confirm({
        zh: `将永久删除 ${days.length} 天的推送（${spanOf(days)}）`,
        en: `this removes ${counted(days.length, 'day')} of pushes (${spanOf(days)}) for good`,
      });
    }
    const holders = holdersOf(plans);
    return {
      view: 'list',
      kind: 'JournalDayList',
      items: rows(folder, plans, context),
      columns: COLUMNS,
      warnings: holders.map(({ consumer, days }) => warningOf(consumer, days, context)),
      outcome: () => {
        const idle = holders.filter(({ consumer }) => !consumer.inUse);
        if (idle.length === 0 || global.dryRun) return undefined;
        const told = counted(idle.length, 'target or hook that is', 'targets or hooks that are');
        const words = {
          zh: `为 ${idle.length} 个未在使用的转发目标或钩子保留了若干天的推送`,
          en: `days were kept for ${told} not in use`,
        };
        return new AppError('some-failed', words, {
          hint: {
            zh: '请再次带上它们启动 listen，或移除它们：privacy-call consumers list',
            en: 'Start listen with them again, or forget them: privacy-call consumers list',
          },
        });
      },
      footer: (count) => footerOf(count, global.dryRun),
    };
  },
});

async function* rows(folder: string, plans: readonly DayPlan[], context: CommandContext): AsyncGenerator<DayRow> {
  for (const plan of plans) {
    context.signal.throwIfAborted();
    const gainedBytes = context.global.dryRun ? undefined : await inStorage(folder, () => pruneDay(folder, plan));
    const neededBy = plan.neededBy?.map(({ name }) => name);
    yield { kind: 'JournalDay', ...plan, gainedBytes, neededBy };
  }
}

interface Holder {
  readonly consumer: KnownConsumer;
  /** UTC days, oldest first. */
  readonly days: string[];
}

function holdersOf(plans: readonly DayPlan[]): readonly Holder[] {
  const holders = new Map<string, Holder>();
  for (const { day, neededBy = [] } of plans) {
    for (const consumer of neededBy) {
      const holder = holders.get(consumer.name) ?? { consumer, days: [] };
      holder.days.push(day);
      holders.set(consumer.name, holder);
    }
  }
  return [...holders.values()];
}

function warningOf(
  { name, label, usedAt, inUse }: KnownConsumer,
  days: readonly string[],
  context: CommandContext,
): string {
  const span = days.length === 1 ? spanOf(days) : `${spanOf(days)} (${days.length} days)`;
  const who = label === undefined ? name : `${label} (${name})`;
  const used = inUse ? 'in use now' : `last used ${formatInstant(usedAt, context.zone)}`;
  const next = inUse ? '' : `; no longer wanted? privacy-call consumers forget ${name}`;
  return `${span}: kept, not everything has been handed on to ${who}, ${used}${next}`;
}

function spanOf(days: readonly string[]): string {
  const [first = ''] = days;
  return days.length === 1 ? first : `${first} to ${days.at(-1) ?? ''}`;
}

function footerOf(count: number, dryRun: boolean): TextPair {
  if (count === 0) return { zh: '日志中没有这么旧的日子', en: 'no day of the journal is that old' };
  const [zh, en] = [`${count} 天`, counted(count, 'day')];
  return dryRun ? { zh: `${zh}（演练：什么都没有改）`, en: `${en} (dry run: nothing was changed)` } : { zh, en };
}

function daysOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const days = parseSeconds(flag, text) / DAY_SECONDS;
  if (!Number.isInteger(days) || days < 1)
    throw new AppError('flag-invalid', {
      zh: `${flag} ${text}：必须是整天数，至少 1d`,
      en: `${flag} ${text}: must be whole days of at least 1d`,
    });
  return days;
}

async function inStorage<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageError(error, { zh: `无法整理 ${folder} 中的推送日志`, en: `cannot tidy the journal in ${folder}` });
  }
}
