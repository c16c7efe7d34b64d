import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexForRows } from '../../../../src/bindings/bulk/index-for-rows.js';
import { buildLedgerIndex, type LedgerIndex } from '../../../../src/bindings/bulk/ledger-index.js';
import { columnParameters, type BulkOperation } from '../../../../src/bindings/bulk/operations.js';
import { findRowColumns } from '../../../../src/bindings/bulk/row-columns.js';
import { readRow, type RowReading } from '../../../../src/bindings/bulk/row-values.js';
import type { BindingMode } from '../../../../src/domain/mode.js';
import type { Values } from '../../../../src/platform/declarations/declaration.js';
import type { LedgerEntry } from '../../../../src/store/ledger-entry.js';
import type { TableRow } from '../../../../src/tables/read-table.js';
import { binding, line, MemoryLog, NOW } from '../memory-books.js';

const SEED = Number(process.env.BULK_SEED ?? Math.floor(Math.random() * 1e9));
const HEADINGS: Readonly<Record<BindingMode, readonly string[]>> = {
  ax: ['a', 'x'],
  axb: ['a', 'b', 'x'],
  axe: ['a', 'x', 'extension'],
  axyb: ['id', 'a', 'b'],
};

/** A ledger large enough for an index. */
class LargeLog extends MemoryLog<LedgerEntry> {
  passes = 0;

  findsQuickly(): Promise<boolean> {
    return Promise.resolve(true);
  }

  find(): AsyncIterable<LedgerEntry> {
    throw new Error('many rows are not looked for one by one');
  }

  override entries(): AsyncGenerator<LedgerEntry> {
    this.passes += 1;
    return super.entries();
  }
}

const user = (n: number): string => `+86138000000${String(n).padStart(2, '0')}`;
const privacyNumber = (n: number): string => `+86170000002${String(n).padStart(2, '0')}`;

function readingOf(operation: BulkOperation, mode: BindingMode, headings = HEADINGS[mode]): RowReading {
  const columns = findRowColumns(headings, columnParameters(operation, mode), { mapping: {}, name: 'rows.csv' });
  return { operation, mode, columns, defaults: {} };
}

function tableOf(rows: readonly (readonly string[])[]) {
  // Repeated beyond the number up to which each row is looked for by itself.
  const many = Array.from({ length: 101 }, (_, at) => rows[at % rows.length] ?? []);
  return {
    rows: async function* (): AsyncGenerator<readonly TableRow[]> {
      yield await Promise.resolve(many.map((cells, index) => ({ index, row: index + 2, cells })));
    },
  };
}

/** Everything that plan and run may ask of an index about a row. */
function answers(index: LedgerIndex, values: Values): unknown {
  const told = (known: ReturnType<LedgerIndex['same']>) => known && [known.binding.subscriptionId, known.at];
  return {
    same: told(index.same(values)),
    doubt: told(index.doubt(values)),
    closed: told(index.closed(values)),
    blocking: told(index.blocking(values)),
    matching: index.matching(values).map(told),
    onX: values.x === undefined ? undefined : index.onX.get(String(values.x)),
  };
}

const entries = (mode: BindingMode): fc.Arbitrary<LedgerEntry[]> =>
  fc
    .array(
      fc.record({
        a: fc.integer({ min: 0, max: 6 }),
        b: fc.integer({ min: 7, max: 12 }),
        x: fc.integer({ min: 0, max: 3 }),
        state: fc.constantFrom('active', 'active', 'gone', 'in-doubt'),
        closedByHand: fc.boolean(),
        other: fc.boolean(),
      }),
      { maxLength: 40 },
    )
    .map((drawn) =>
      drawn.map(({ a, b, x, state, closedByHand, other }, n) => {
        const of: BindingMode = other ? (mode === 'ax' ? 'axb' : 'ax') : mode;
        const numbers = {
          a: user(a),
          b: user(b),
          x: privacyNumber(x),
          extension: of === 'axe' ? String(x) : undefined,
        };
        const entry = line(binding({ ...numbers, mode: of, subscriptionId: `id-${String(n % 20)}` }));
        const at = new Date(NOW.getTime() - n * 1000);
        return {
          ...entry,
          key: `${entry.key} ${String(n)}`,
          mode: of,
          at,
          state: state,
          closedByHand: closedByHand && state === 'gone' ? true : undefined,
        };
      }),
    );

describe('indexForRows', () => {
  it(`answers about the rows of a file as an index of the whole ledger does (seed ${SEED})`, async () => {
    const modes = fc.constantFrom<BindingMode[]>('ax', 'axb', 'axe', 'axyb');
    const cases = modes.chain((mode) => {
      const cell = (heading: string): fc.Arbitrary<string> => {
        if (heading === 'a') return fc.integer({ min: 0, max: 8 }).map(user);
        if (heading === 'b') return fc.integer({ min: 7, max: 14 }).map(user);
        if (heading === 'x') return fc.option(fc.integer({ min: 0, max: 4 }).map(privacyNumber), { nil: '' });
        if (heading === 'id')
          return fc.option(
            fc.integer({ max: 25, min: 0 }).map((n) => `id-${String(n)}`),
            { nil: '' },
          );
        return fc.constantFrom('', '0', '1', '7');
      };
      const row = fc.tuple(...HEADINGS[mode].map(cell));
      const operation = fc.constantFrom<BulkOperation[]>('bind', 'unbind');
      return fc.record({
        mode: fc.constant(mode),
        operation,
        ledger: entries(mode),
        rows: fc.array(row, { minLength: 1, maxLength: 8 }),
      });
    });
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(cases, async ({ mode, operation, ledger: lines, rows }) => {
        const ledger = new LargeLog();
        ledger.lines.push(...lines);
        const reading = readingOf(operation, mode);
        const index = await indexForRows(ledger, tableOf(rows), { reading, now: NOW });
        const whole = await buildLedgerIndex(ledger, mode, NOW);
        for (const cells of rows) {
          const read = readRow(reading, { index: 0, row: 2, cells });
          if (!('values' in read) || (operation === 'unbind' && read.values.id !== undefined)) continue;
          expect(answers(index, read.values)).toEqual(answers(whole, read.values));
          asked += 1;
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
    console.log(`indexForRows: ${asked} rows asked`);
    expect(asked).toBeGreaterThan(300);
  });

  it('holds nothing that no row asks for', async () => {
    const ledger = new LargeLog();
    for (let n = 0; n < 50; n += 1)
      ledger.lines.push(
        line(binding({ subscriptionId: `id-${n}`, a: user(n), b: user(50 + n), x: privacyNumber(n % 9) })),
      );
    const index = await indexForRows(ledger, tableOf([[user(3), user(80), privacyNumber(3)]]), {
      reading: readingOf('bind', 'axb'),
      now: NOW,
    });
    expect(index.matching({ a: user(3), x: privacyNumber(3) })).toHaveLength(1);
    expect(index.matching({ a: user(4), x: privacyNumber(4) })).toEqual([]);
    expect([...index.onX]).toEqual([[privacyNumber(3), 6]]);
    expect(ledger.passes).toBe(1);
  });

  it.each<[string, RowReading, string[]]>([
    ['an update', readingOf('update', 'axb', ['id', 'ttl']), ['id-1', '2h']],
    ['an unbind by ID', readingOf('unbind', 'axb', ['id']), ['id-1']],
  ])('does not read a large ledger for %s', async (_, reading, cells) => {
    const ledger = new LargeLog();
    ledger.lines.push(line(binding({ subscriptionId: 'id-1' })));
    await indexForRows(ledger, tableOf([cells]), { reading, now: NOW });
    expect(ledger.passes).toBe(0);
  });
});
