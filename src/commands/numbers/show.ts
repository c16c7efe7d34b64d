import { findBindings } from '../../bindings/find-bindings.js';
import { LEDGER_STATES } from '../../bindings/ledger-state.js';
import { AppError } from '../../errors.js';
import { listNumbers } from '../../numbers/list-numbers.js';
import type { CellPainter } from '../../output/view.js';
import { endText } from '../columns.js';
import { defineCommand } from '../command.js';
import { parseCount, parseNumber } from '../parse-flags.js';
import { rowOf, STATE_TEXTS } from '../bindings/list.js';
import { NUMBER_DETAIL_COLUMNS, NUMBER_FIELD_LIST } from './number-columns.js';
import { DAY_MS, readUse } from './read-use.js';

interface ShowOptions {
  readonly days: string;
  readonly all?: boolean;
}

/** Bindings that a terminal shows; the others are counted. */
const SHOWN = 20;

function moreText(count: number, paint: CellPainter): string | undefined {
  return paint.words({ zh: `… 还有 ${count} 个`, en: `… ${count} more` });
}

export const command = defineCommand<ShowOptions, [string]>({
  help: {
    purpose:
      'Show what is known of one X number, with its bindings by the ledger. "query -x X --all" asks the platform instead, "numbers refresh X" brings the ledger to it.',
    examples: [{ says: 'one number', line: 'privacy-call -p sandbox numbers show "$X"' }],
    output: `${NUMBER_FIELD_LIST}, bindings (as in "bindings list"; their number in CSV, TSV and a table in a pipe)`,
    exits: ['notFound', 'storage'],
  },
  define: (target) => {
    target
      .argument('<number>', 'X number')
      .option('--days <count>', 'calls of so many days are counted; 0 reads no journal', '7')
      .option('--all', 'bindings that are expired, gone or in doubt too');
  },
  async run(options, context, typed) {
    const x = parseNumber('X', typed);
    const days = parseCount('--days', options.days, 0);
    const now = context.now();
    const { inventory, ledger } = await context.store();
    const read = days === 0 ? undefined : await readUse(context, new Date(now.getTime() - days * DAY_MS));
    for await (const number of listNumbers({ inventory, ledger, use: read?.use }, { x }, now)) {
      const bindings: ReturnType<typeof rowOf>[] = [];
      const states = options.all === true ? LEDGER_STATES : (['active', 'in-doubt'] as const);
      for await (const row of findBindings(ledger, { x, states }, now)) bindings.push(rowOf(row));
      return {
        view: 'item',
        kind: 'Number',
        item: { ...number, bindings },
        columns: [
          ...NUMBER_DETAIL_COLUMNS,
          {
            field: 'bindings',
            title: { zh: '绑定关系', en: 'Bindings' },
            // An X holds thousands: a cell of them all is of no use in a pipe; JSON has them.
            value: (item: { readonly bindings: typeof bindings }) => item.bindings.length,
            cell: (item: { readonly bindings: typeof bindings }, paint) =>
              item.bindings
                .slice(0, SHOWN)
                .map(({ subscriptionId, a, b, extension, expiresAt, state }) =>
                  [
                    subscriptionId,
                    paint.number(a),
                    paint.number(b),
                    extension,
                    endText(expiresAt, paint),
                    state === 'active' ? undefined : paint.words(STATE_TEXTS[state]),
                  ]
                    .filter((part) => part !== undefined)
                    .join(' '),
                )
                .concat(item.bindings.length > SHOWN ? [moreText(item.bindings.length - SHOWN, paint) ?? ''] : [])
                .join('; '),
          },
        ],
        warnings: read?.warnings ?? [],
      };
    }
    throw new AppError(
      'number-not-found',
      { zh: '号码清单中没有该 X 号码', en: 'the inventory has no such X number' },
      {
        hint: {
          zh: '导入控制台的号码表：privacy-call numbers import FILE。或向平台查询：query -x X --all --adopt。',
          en: 'Import the list of the console: privacy-call numbers import FILE. Or ask the platform: query -x X --all --adopt.',
        },
      },
    );
  },
});
