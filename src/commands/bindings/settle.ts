import { describeNote } from '../../bindings/ledger-notes.js';
import { counted } from '../../domain/counted.js';
import {
  askDoubt,
  doubtName,
  findDoubts,
  settleAsBound,
  settleAsNotBound,
  type DoubtOutcome,
} from '../../bindings/settle-doubt.js';
import type { Binding } from '../../domain/binding.js';
import { isBindingMode } from '../../domain/mode.js';
import { AppError } from '../../errors.js';
import type { Column } from '../../output/view.js';
import type { LedgerEntry } from '../../store/ledger-entry.js';
import type { CommandContext } from '../command-context.js';
import { typedCommand } from '../typed-command.js';
import { defineCommand } from '../command.js';
import { openBooks } from '../open-books.js';

interface SettleFlags {
  readonly bound?: string;
  readonly notBound?: boolean;
}

/** A request in doubt and what became of it. */
interface SettledRow extends Pick<Binding, 'mode' | 'a' | 'b' | 'x' | 'extension' | 'subscriptionId'> {
  readonly kind: 'Settled';
  readonly doubt: string;
  readonly at: Date;
  readonly outcome: DoubtOutcome;
  readonly note: string;
}

const OUTCOMES: Readonly<Record<DoubtOutcome, { readonly zh: string; readonly en: string }>> = {
  bound: { zh: '已绑定', en: 'bound' },
  'not-bound': { zh: '未绑定', en: 'not bound' },
  open: { zh: '仍待查', en: 'still open' },
};

const COLUMNS: readonly Column<SettledRow>[] = [
  { field: 'doubt', title: { zh: '待查编号', en: 'In doubt' }, cuts: true },
  { field: 'at', title: { zh: '自', en: 'Since' }, drops: 3 },
  { field: 'a', title: { zh: 'A号码', en: 'A' } },
  { field: 'b', title: { zh: 'B号码', en: 'B' }, drops: 2 },
  { field: 'x', title: { zh: 'X号码', en: 'X' } },
  {
    field: 'outcome',
    title: { zh: '结果', en: 'Outcome' },
    cell: ({ outcome }, paint) => {
      const words = paint.words(OUTCOMES[outcome]) ?? outcome;
      return outcome === 'open' ? paint.bad(words) : paint.good(words);
    },
  },
  { field: 'subscriptionId', title: { zh: '绑定ID', en: 'Binding ID' }, drops: 4 },
  {
    field: 'note',
    title: { zh: '说明', en: 'Why' },
    cell: ({ note }, paint) => paint.words(describeNote(note)),
    cuts: true,
    drops: 1,
  },
];

export const command = defineCommand<SettleFlags, [string[]]>({
  help: {
    purpose:
      'Settle requests whose answer was lost ("bindings list --state in-doubt"). Without a flag the platform is asked about each of them, or about those named; what it cannot tell stays open. Then look in the console (号码管理 → X → 绑定详情) and say what is there: --bound with the binding ID, which the platform must confirm to be of the same numbers, or --not-bound.\n' +
      'A row of a bulk job that was in doubt follows: "jobs resume" takes what was settled as bound as done, and sends again what was settled as not bound.',
    examples: [{ says: 'ask about everything in doubt', line: 'privacy-call -p sandbox bindings settle' }],
    output: 'Settled: doubt, at, mode, a, b, x, extension, outcome (bound, not-bound, open), subscriptionId, note',
    exits: ['partial', 'auth', 'notFound', 'busy', 'network', 'empty', 'lockedOut', 'account', 'storage'],
  },
  define: (target) => {
    target
      .argument('[doubts...]', 'what is in doubt, by its name in "bindings list" or the beginning of it (default: all)')
      .option('--bound <id>', 'it is bound, as this binding ID')
      .option('--not-bound', 'it is not bound');
  },
  async run(flags, context, names) {
    const { ledger } = await context.store();
    const byHand = flags.bound !== undefined || flags.notBound === true;
    if (flags.bound !== undefined && flags.notBound === true)
      throw new AppError('flag-conflict', {
        zh: '--bound 和 --not-bound 不能同时给出',
        en: '--bound and --not-bound exclude each other',
      });
    if (byHand && names.length === 0)
      throw new AppError('flag-missing', { zh: '请指明是哪个存疑请求', en: 'say which request in doubt is meant' });
    if (flags.bound !== undefined && names.length > 1)
      throw new AppError('flag-conflict', {
        zh: '--bound 只能了结一个请求：一个绑定ID只属于一个绑定关系',
        en: '--bound settles one request: a binding ID belongs to one',
      });
    const doubts = await findDoubts(ledger, names);
    if (flags.notBound === true && !context.global.dryRun) {
      const { length } = doubts;
      await context.confirm({
        zh: `将把 ${length} 个存疑请求按未绑定了结，不向平台查询`,
        en: `this closes ${length === 1 ? 'a request' : `${length} requests`} in doubt as not bound, without asking the platform`,
      });
    }
    let open = 0;
    const rows = async function* (): AsyncGenerator<SettledRow> {
      for (const entry of doubts) {
        const row = context.global.dryRun
          ? rowOf(entry, 'open', entry.note ?? '')
          : await settle(context, entry, flags);
        if (row.outcome === 'open') open += 1;
        yield row;
      }
    };
    return {
      view: 'list',
      kind: 'SettledList',
      items: rows(),
      columns: COLUMNS,
      warnings: context.global.dryRun
        ? [{ zh: '没有查询，也没有修改（--dry-run）', en: 'nothing was asked or changed (--dry-run)' }]
        : [],
      outcome: () =>
        open === 0 || context.global.dryRun
          ? undefined
          : new AppError(
              'some-failed',
              { zh: `仍有 ${open} 个请求存疑`, en: `${counted(open, 'request is', 'requests are')} still in doubt` },
              {
                hint: {
                  zh: `请在控制台查看，然后：${typedCommand(context.profile, 'bindings settle NAME --bound ID')}，或 --not-bound。`,
                  en: `Look in the console, then: ${typedCommand(context.profile, 'bindings settle NAME --bound ID')}, or --not-bound.`,
                },
              },
            ),
      footer: (count) => ({
        zh: `${count} 个结果不明，${open} 个仍未解决`,
        en: `${count} in doubt, ${open} still open`,
      }),
    };
  },
});

async function settle(context: CommandContext, entry: LedgerEntry, flags: SettleFlags): Promise<SettledRow> {
  if (flags.notBound === true) {
    const store = await context.store();
    const closed = await settleAsNotBound({ ...store, now: () => context.now() }, entry);
    return rowOf(entry, closed.outcome, closed.note);
  }
  if (!isBindingMode(entry.mode)) return rowOf(entry, 'open', `there are no bindings in mode ${entry.mode}`);
  const books = await openBooks(context, entry.mode);
  const settled =
    flags.bound === undefined ? await askDoubt(books, entry) : await settleAsBound(books, entry, flags.bound);
  return rowOf({ ...entry, binding: settled.binding }, settled.outcome, settled.note, entry);
}

function rowOf(entry: LedgerEntry, outcome: DoubtOutcome, note: string, named = entry): SettledRow {
  const { mode, a, b, x, extension, subscriptionId } = entry.binding;
  return {
    kind: 'Settled',
    doubt: doubtName(named),
    at: named.at,
    mode,
    a,
    b,
    x,
    extension,
    outcome,
    subscriptionId,
    note,
  };
}
