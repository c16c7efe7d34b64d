import { describeNote } from '../../bindings/ledger-notes.js';
import { counted, countFooter, NOUNS, partPair } from '../../domain/counted.js';
import type { Bookkeeping } from '../../bindings/bookkeeping.js';
import { Pace } from '../../bindings/bulk/pace.js';
import { trackDoubts } from '../../bindings/bulk/track-doubts.js';
import { entriesWith } from '../../bindings/entries-with.js';
import {
  refreshNumbers,
  type NumberToAsk,
  type RefreshedNumber,
  type ShownChange,
} from '../../bindings/refresh-numbers.js';
import { SANDBOX_PROFILE } from '../../config/resolve-settings.js';
import { type BindingMode, formatMode, isBindingMode } from '../../domain/mode.js';
import { type TextPair, joinPairs, BETWEEN_SENTENCES } from '../../domain/text-pair.js';
import { AppError } from '../../errors.js';
import type { Column, View, CellPainter } from '../../output/view.js';
import { sleep } from '../../sleep.js';
import type { InventoryEntry } from '../../store/inventory-entry.js';
import { readRunFlags } from '../bulk/bulk-flags.js';
import type { CommandContext } from '../command-context.js';
import { defineCommand } from '../command.js';
import { openBooks } from '../open-books.js';
import { parseMode, parseNumber } from '../parse-flags.js';
import { openRefreshRun } from './refresh-run.js';

interface RefreshFlags {
  readonly mode?: string;
  readonly city?: string;
  readonly area?: string;
  readonly rate?: string;
  readonly concurrency?: string;
  readonly restart?: boolean;
  readonly changes?: boolean;
}

const CONCURRENCY = '4';

const COUNT_COLUMNS = (
  [
    ['adopted', '新认领', 'Adopted'],
    ['updated', '已变更', 'Updated'],
    ['expired', '已到期', 'Expired'],
    ['missing', '已消失', 'Missing'],
    ['settled', '已了结', 'Settled'],
  ] as const
).map(([field, zh, en]): Column<RefreshedNumber> => ({ field, title: { zh, en }, align: 'right' }));

const COLUMNS: readonly Column<RefreshedNumber>[] = [
  { field: 'x', title: { zh: 'X号码', en: 'X' } },
  { field: 'mode', title: { zh: '模式', en: 'Mode' }, cell: ({ mode }) => formatMode(mode) },
  { field: 'bindings', title: { zh: '平台绑定数', en: 'On the platform' }, align: 'right' },
  ...COUNT_COLUMNS,
  { field: 'code', title: { zh: '错误', en: 'Error' }, drops: 1 },
  { field: 'message', title: { zh: '说明', en: 'Why' }, cuts: true, drops: 2 },
];

const CHANGE_COLUMNS = [
  { field: 'change', title: { zh: '差异', en: 'Change' } },
  { field: 'subscriptionId', title: { zh: '绑定ID', en: 'Binding ID' } },
  { field: 'x', title: { zh: 'X号码', en: 'X' } },
  { field: 'a', title: { zh: 'A号码', en: 'A' } },
  { field: 'b', title: { zh: 'B号码', en: 'B' } },
  { field: 'extension', title: { zh: '分机号', en: 'Ext' }, drops: 2 },
  {
    field: 'note',
    title: { zh: '说明', en: 'Why' },
    cell: ({ note }: Pick<ShownChange, 'note'>, paint: CellPainter) =>
      note === undefined ? undefined : paint.words(describeNote(note)),
    cuts: true,
    drops: 1,
  },
];

export const command = defineCommand<RefreshFlags, [string[]]>({
  help: {
    purpose:
      'Ask the platform for every binding on each X number of the inventory, or on those given, and bring the ledger to it. Bindings that the ledger did not hold are adopted; entries that the platform no longer has are marked gone, as expired where their time is over by our clock, else as missing: the platform does not say why. Requests whose answer was lost are settled where the answer shows it. --dry-run shows the differences and changes nothing.\n' +
      'One request for each page, 5 a second unless --rate says otherwise, of --concurrency numbers at once; they are shown in their order. Each number is written by itself: after a stop the same command goes on where it ended (within a day; --restart asks all again). Numbers of another mode than the profile are left out, as are X mode numbers: there the platform keeps no bindings.',
    examples: [
      { says: 'what differs', line: 'privacy-call -p sandbox numbers refresh "$X" --changes --dry-run' },
      { says: 'as fast as the platform answers', line: 'privacy-call -p sandbox numbers refresh "$X" --rate max' },
    ],
    output:
      'Refresh: x, mode, bindings (on the platform), adopted, updated, expired, missing, settled, changes {change, subscriptionId, mode, a, b, x, y, extension, note}, code, message; with --changes one row each of those changes',
    exits: ['partial', 'auth', 'busy', 'network', 'empty', 'lockedOut', 'account', 'storage'],
  },
  define: (target) => {
    target
      .argument('[numbers...]', 'X numbers (default: those of the inventory)')
      .option('--mode <mode>', 'numbers of this mode')
      .option('--city <text>', "part of the city's name")
      .option('--area <code>', 'city code, such as 0755')
      .option('--rate <rate>', 'requests at most, such as 5/s, 300/m or max (default: 5/s)')
      .option('--concurrency <count>', `numbers asked at once (default: ${CONCURRENCY})`)
      .option('--restart', 'ask again for numbers that a stopped refresh has asked for')
      .option('--changes', 'one row for each binding that differs');
  },
  async run(flags, context, typed) {
    const { ratePerSecond, concurrency } = readRunFlags({
      ...(flags.rate === undefined ? {} : { rate: flags.rate }),
      concurrency: flags.concurrency ?? CONCURRENCY,
    });
    const wanted = await chooseNumbers(context, flags, typed);
    const { dryRun } = context.global;
    const selection = JSON.stringify([flags.mode, flags.city, flags.area, [...typed].sort()]);
    const run = dryRun ? undefined : await openRefreshRun(context, { selection, restart: flags.restart === true });
    const since = run?.resumed === true ? run.startedAt.getTime() : Number.POSITIVE_INFINITY;
    const left = wanted.numbers.filter(({ askedAt }) => (askedAt?.getTime() ?? 0) < since);
    if (run?.resumed === true) {
      const done = wanted.numbers.length - left.length;
      const { length } = wanted.numbers;
      await context.note({
        zh: `继续中断的刷新：${length} 个号码中已查询 ${done} 个`,
        en: `goes on with a stopped refresh: ${done} of ${counted(length, 'number')} asked for`,
      });
    }
    let failed = 0;
    const rows = async function* (): AsyncGenerator<RefreshedNumber> {
      const progress = await context.progress(partPair(0, left.length, NOUNS.number));
      let asked = 0;
      try {
        const keys = await keysByNumber(context, new Set(left.map(({ x }) => x)));
        const options = { turn: turnOf(context, ratePerSecond), dryRun, concurrency, booksOf: booksByMode(context) };
        for await (const row of refreshNumbers(left, keys, options)) {
          asked += 1;
          if (row.code !== undefined) failed += 1;
          progress.update(partPair(asked, left.length, NOUNS.number));
          yield row;
        }
        await run?.end();
      } catch (error) {
        if (!(error instanceof AppError) || dryRun) throw error;
        const done = {
          zh: `${left.length} 个号码中已查询 ${asked} 个`,
          en: `${asked} of ${counted(left.length, 'number')} asked for`,
        };
        const again = { zh: '再次运行即可继续。', en: 'Run it again to go on.' };
        const how = joinPairs([error.words, done], { zh: '；', en: '; ' });
        const hint = error.hint === undefined ? again : joinPairs([error.hint, again], BETWEEN_SENTENCES);
        throw new AppError(error.code, how, { hint, platform: error.platform, cause: error.cause });
      } finally {
        progress.stop();
      }
    };
    const outcome = (): AppError | undefined =>
      failed === 0
        ? undefined
        : new AppError('some-failed', {
            zh: `有 ${failed} 个号码未能查询`,
            en: `${counted(failed, 'number')} could not be asked for`,
          });
    const warnings = [
      ...wanted.warnings,
      ...(dryRun ? [{ zh: '没有修改（--dry-run）', en: 'nothing was changed (--dry-run)' }] : []),
    ];
    return view(rows(), { changes: flags.changes === true, warnings, outcome });
  },
});

function view(
  rows: AsyncIterable<RefreshedNumber>,
  how: {
    readonly changes: boolean;
    readonly warnings: readonly TextPair[];
    readonly outcome: () => AppError | undefined;
  },
): View {
  const { warnings, outcome } = how;
  const shared = { view: 'list', warnings, outcome, outlivesReader: true } as const;
  if (!how.changes) {
    const footer = countFooter(NOUNS.number);
    return { ...shared, kind: 'RefreshList', items: rows, columns: COLUMNS, footer };
  }
  const changes = async function* () {
    for await (const row of rows) for (const change of row.changes) yield { kind: 'BindingChange', ...change };
  };
  const footer = countFooter(NOUNS.difference);
  return { ...shared, kind: 'BindingChangeList', items: changes(), columns: CHANGE_COLUMNS, footer };
}

interface ChosenNumber extends NumberToAsk {
  readonly askedAt?: Date | undefined;
}

/** @throws AppError `flag-missing` where nothing tells the mode of a number that was typed. */
async function chooseNumbers(
  context: CommandContext,
  flags: RefreshFlags,
  typed: readonly string[],
): Promise<{ readonly numbers: readonly ChosenNumber[]; readonly warnings: readonly TextPair[] }> {
  const { inventory } = await context.store();
  const mode = flags.mode === undefined ? undefined : parseMode('--mode', flags.mode);
  // A real profile is one application, and an application has one mode.
  const own = context.profile === SANDBOX_PROFILE ? undefined : context.mode;
  const entries: InventoryEntry[] = [];
  if (typed.length > 0) {
    for (const text of typed) {
      const x = parseNumber('X', text);
      entries.push((await inventory.get(x)) ?? { key: x, at: context.now(), origins: [] });
    }
  } else {
    for await (const entry of inventory.entries()) {
      if (entry.forgotten === true) continue;
      if (flags.city !== undefined && entry.city?.includes(flags.city) !== true) continue;
      if (flags.area !== undefined && entry.areaCode !== flags.area) continue;
      entries.push(entry);
    }
  }
  const skipped = { unknown: 0, other: 0, xMode: 0 };
  const numbers: ChosenNumber[] = [];
  for (const entry of entries) {
    const its = entry.mode ?? mode ?? context.mode;
    if (its === 'x') skipped.xMode += 1;
    else if (its === undefined) skipped.unknown += 1;
    else if (own !== undefined && its !== own) skipped.other += 1;
    else if ((mode === undefined || its === mode) && isBindingMode(its))
      numbers.push({ x: entry.key, mode: its, askedAt: entry.askedAt });
  }
  if (typed.length > 0 && skipped.unknown > 0)
    throw new AppError('flag-missing', {
      zh: '缺少 --mode：无从得知这些号码的模式',
      en: '--mode is missing: nothing tells the mode of these numbers',
    });
  const told = [
    [
      skipped.unknown,
      '无法得知模式；请导入带“模式”列的清单，或给出 --mode',
      'nothing tells the mode; import a list with a column 模式, or give --mode',
    ],
    [skipped.other, `模式与 profile（${own ?? ''}）不同`, `of another mode than the profile (${own ?? ''})`],
    [skipped.xMode, 'X 模式下平台不保存绑定关系', 'in X mode the platform keeps no bindings'],
  ] as const;
  const warnings = told
    .filter(([count]) => count > 0)
    .map(([count, zh, en]) => ({
      zh: `略过 ${count} 个号码：${zh}`,
      en: `${counted(count, 'number')} left out: ${en}`,
    }));
  return { numbers, warnings };
}

/** Ledger keys that name each of the numbers, as X. */
async function keysByNumber(
  context: CommandContext,
  numbers: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { ledger } = await context.store();
  const keys = new Map<string, string[]>();
  const [only, other] = numbers;
  for await (const { key, state, binding } of entriesWith(ledger, other === undefined ? [only] : [])) {
    const { x } = binding;
    if (state === 'gone' || x === undefined || !numbers.has(x)) continue;
    const known = keys.get(x);
    if (known === undefined) keys.set(x, [key]);
    else known.push(key);
  }
  return keys;
}

function turnOf(context: CommandContext, ratePerSecond: number): () => Promise<void> {
  const pace = new Pace({ ratePerSecond, sleep, elapsedMs: () => performance.now() });
  return () => pace.turn(context.signal);
}

function booksByMode(context: CommandContext): (mode: BindingMode) => Promise<Bookkeeping> {
  const opened = new Map<BindingMode, Promise<Bookkeeping>>();
  return (mode) => {
    const known = opened.get(mode) ?? openBooks(context, mode).then(trackDoubts);
    opened.set(mode, known);
    return known;
  };
}
