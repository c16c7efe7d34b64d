import { countFooter, NOUNS } from '../../domain/counted.js';
import type { Words } from '../../domain/text-pair.js';
import { findBindings, findExpiring, type LedgerRow } from '../../bindings/find-bindings.js';
import type { LedgerState } from '../../bindings/ledger-state.js';
import { doubtName } from '../../bindings/settle-doubt.js';
import { firstOf, mapBatched } from '../../domain/batched.js';
import type { Binding } from '../../domain/binding.js';
import type { Column } from '../../output/view.js';
import { BINDING_COLUMNS } from '../columns.js';
import { FIELD_LISTS, FIELD_NAMES } from '../field-lists.js';
import { defineCommand } from '../command.js';
import { parseCount, parseSeconds } from '../parse-flags.js';
import { stoppableLog } from '../stoppable.js';
import { parseSort, SORT_HELP, sortItems } from '../sort-items.js';
import { withDamage } from './ledger-warnings.js';
import { addLedgerFlags, type LedgerFlags, readLedgerFlags } from './ledger-flags.js';

interface ListOptions extends LedgerFlags {
  readonly within?: string;
  readonly limit?: string;
  readonly sort?: string;
}

type Row = Binding & {
  readonly state: LedgerState;
  readonly note?: string | undefined;
  /** Names a request in doubt for `bindings settle`. */
  readonly doubt?: string | undefined;
  readonly changedAt: Date;
};

/** States in words. */
export const STATE_TEXTS: Readonly<Record<LedgerState, { zh: string; en: string }>> = {
  active: { zh: '有效', en: 'active' },
  'in-doubt': { zh: '待查', en: 'in doubt' },
  expired: { zh: '已到期', en: 'expired' },
  gone: { zh: '已解绑', en: 'gone' },
};

/** Columns of bindings with their state by the ledger. */
const LEDGER_COLUMNS: readonly Column<Row>[] = [
  ...BINDING_COLUMNS,
  {
    field: 'state',
    title: { zh: '状态', en: 'State' },
    drops: 1,
    cell: ({ state }, paint) => paint.words(STATE_TEXTS[state]),
  },
  { field: 'doubt', title: { zh: '待查编号', en: 'In doubt' }, cuts: true, drops: 10 },
];

/** The same for lists of what ends soon: where there is no room for both, the end counts more than X. */
export const ENDING_COLUMNS: readonly Column<Row>[] = LEDGER_COLUMNS.map((column) => {
  if (column.field === 'x') return { ...column, drops: 0.8 };
  if (column.field === 'b') return { ...column, drops: 2 };
  const { drops: _, ...staying } = column;
  return column.field === 'expiresAt' ? staying : column;
});

/** Names that `--sort` takes. */
const SORT_FIELDS = [...FIELD_NAMES.ledgerBinding, 'state', 'note', 'doubt', 'changedAt'];

/** A ledger entry as a row. */
export function rowOf({ entry, state }: LedgerRow): Row {
  const doubt = state === 'in-doubt' ? doubtName(entry) : undefined;
  return { ...entry.binding, raw: undefined, state, note: entry.note, doubt, changedAt: entry.at };
}

export const command = defineCommand<ListOptions>({
  help: {
    purpose:
      'List the bindings that this tool made, changed or saw. The platform lists neither bindings nor X numbers: this ledger is the list. Bindings whose time is over are shown as expired by our clock.',
    examples: [
      { says: 'what stands now', line: 'privacy-call -p sandbox bindings list' },
      { says: 'what ends within two days, as CSV', line: 'privacy-call -p sandbox bindings list --within 48h -o csv' },
      {
        says: 'the latest ten with a B number that ends so',
        line: 'privacy-call -p sandbox bindings list -b 0002 --sort createdAt:desc --limit 10',
      },
      {
        says: 'what A was ever bound to on one day',
        line: 'privacy-call -p sandbox bindings list -a 13800000001 --since 2026-11-22 --until 2026-11-22 --state all',
      },
    ],
    output: `${FIELD_LISTS.ledgerBinding}, state (active, in-doubt, expired, gone), note, doubt (what "bindings settle" takes), changedAt`,
    exits: ['empty', 'storage'],
  },
  define: (target) => {
    addLedgerFlags(target);
    target
      .option('--within <time>', 'only those that end within this time, soonest first')
      .option('--limit <count>', 'at most so many')
      .option('--sort <field>', SORT_HELP);
  },
  async run(options, context) {
    const { ledger } = await context.store();
    const readable = stoppableLog(ledger, context.signal);
    const criteria = readLedgerFlags(options, context);
    const withinSeconds = options.within === undefined ? undefined : parseSeconds('--within', options.within);
    const order = options.sort === undefined ? undefined : parseSort(options.sort, SORT_FIELDS);
    const limit = options.limit === undefined ? Number.POSITIVE_INFINITY : parseCount('--limit', options.limit);
    const warnings: Words[] = [];
    const found =
      withinSeconds === undefined
        ? findBindings(readable, criteria, context.now())
        : await findExpiring(readable, { ...criteria, withinSeconds }, context.now());
    const rows = mapBatched(found, rowOf);
    const chosen =
      order === undefined ? firstOf(rows, limit) : sortItems(rows, order, { columns: LEDGER_COLUMNS, limit });
    return {
      view: 'list',
      kind: 'BindingList',
      items: withDamage(chosen, ledger, warnings),
      // One alone has room for all of it: an ID that a table cut is found whole.
      ...(withinSeconds === undefined
        ? { columns: LEDGER_COLUMNS, single: () => LEDGER_COLUMNS }
        : { columns: ENDING_COLUMNS }),
      warnings,
      footer: countFooter(NOUNS.binding),
    };
  },
});
