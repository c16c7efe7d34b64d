import { findBindings, findExpiring, type LedgerRow } from '../../bindings/find-bindings.js';
import { LEDGER_STATES, type LedgerState } from '../../bindings/ledger-state.js';
import type { Binding } from '../../domain/binding.js';
import { AppError } from '../../errors.js';
import type { Column } from '../../output/view.js';
import { BINDING_COLUMNS, FIELD_LISTS } from '../columns.js';
import { defineCommand } from '../command.js';
import { parseMode, parseNumber, parseSeconds } from '../parse-flags.js';

interface ListOptions {
  readonly mode?: string;
  readonly a?: string;
  readonly b?: string;
  readonly x?: string;
  readonly ext?: string;
  readonly userData?: string;
  readonly state?: string;
  readonly within?: string;
}

type Row = Binding & { readonly state: LedgerState; readonly note?: string | undefined };

const STATES: Readonly<Record<LedgerState, { zh: string; en: string }>> = {
  active: { zh: '有效', en: 'active' },
  'in-doubt': { zh: '待查', en: 'in doubt' },
  expired: { zh: '已到期', en: 'expired' },
  gone: { zh: '已解绑', en: 'gone' },
};

const COLUMNS: readonly Column<Row>[] = [
  ...BINDING_COLUMNS,
  {
    field: 'state',
    title: { zh: '状态', en: 'State' },
    drops: 1,
    cell: ({ state }, paint) => paint.words(STATES[state]),
  },
];

/** A ledger entry as a row. */
export function rowOf({ entry, state }: LedgerRow): Row {
  return { ...entry.binding, raw: undefined, state, note: entry.note };
}

export const command = defineCommand<ListOptions>({
  help: {
    purpose:
      'List the bindings that this tool made, changed or saw. The platform lists neither bindings nor X numbers: this ledger is the list. Bindings whose time is over are shown as expired by our clock.',
    examples: [
      { says: 'what stands now', line: 'privacy-call -p sandbox bindings list' },
      { says: 'what ends within two days, as CSV', line: 'privacy-call -p sandbox bindings list --within 48h -o csv' },
    ],
    output: `${FIELD_LISTS.binding}, state (active, in-doubt, expired, gone), note`,
    exits: ['empty', 'storage'],
  },
  define: (target) => {
    target
      .option('--mode <mode>', 'bindings of this mode')
      .option('-a <number>', 'A number')
      .option('-b <number>', 'B number')
      .option('-x <number>', 'X number')
      .option('--ext <digits>', 'extension')
      .option('--user-data <text>', 'user data')
      .option('--state <state>', `${LEDGER_STATES.join(', ')} or all (default: active)`)
      .option('--within <time>', 'only those that end within this time, soonest first');
  },
  async run(options, context) {
    const { ledger } = await context.store();
    const criteria = {
      mode: options.mode === undefined ? undefined : parseMode('--mode', options.mode),
      a: options.a === undefined ? undefined : parseNumber('-a', options.a),
      b: options.b === undefined ? undefined : parseNumber('-b', options.b),
      x: options.x === undefined ? undefined : parseNumber('-x', options.x),
      extension: options.ext,
      userData: options.userData,
      states: readStates(options.state),
    };
    const rows = async function* () {
      if (options.within !== undefined) {
        const withinSeconds = parseSeconds('--within', options.within);
        for (const row of await findExpiring(ledger, { ...criteria, withinSeconds }, context.now())) yield rowOf(row);
        return;
      }
      for await (const row of findBindings(ledger, criteria, context.now())) yield rowOf(row);
    };
    return {
      view: 'list',
      kind: 'BindingList',
      items: rows(),
      columns: COLUMNS,
      footer: (count) => `${count} ${count === 1 ? 'binding' : 'bindings'}`,
    };
  },
});

function readStates(text: string | undefined): readonly LedgerState[] | undefined {
  if (text === undefined) return undefined;
  if (text === 'all') return LEDGER_STATES;
  const state = LEDGER_STATES.find((one) => one === text);
  if (state === undefined)
    throw new AppError('flag-invalid', `--state ${text}: must be ${LEDGER_STATES.join(', ')} or all`);
  return [state];
}
