import { describe, expect, it } from 'vitest';
import { nearbyLedger } from '../../../../src/bindings/bulk/nearby-ledger.js';
import { columnParameters } from '../../../../src/bindings/bulk/operations.js';
import { findRowColumns } from '../../../../src/bindings/bulk/row-columns.js';
import type { LedgerEntry } from '../../../../src/store/ledger-entry.js';
import type { TableRow } from '../../../../src/tables/read-table.js';
import { binding, line, MemoryLog } from '../memory-books.js';

const HEADINGS = ['a', 'b', 'x'];

/** A ledger that finds by a number on any side, and counts what it gives. */
class FindingLog extends MemoryLog<LedgerEntry> {
  isQuick = true;
  given = 0;

  findsQuickly(): Promise<boolean> {
    return Promise.resolve(this.isQuick);
  }

  async *find([text]: readonly string[]): AsyncGenerator<LedgerEntry> {
    for await (const entry of this.entries()) {
      const { a, b, x, subscriptionId } = entry.binding;
      if (![a, b, x, subscriptionId].includes(text)) continue;
      this.given += 1;
      yield entry;
    }
  }
}

const number = (n: number): string => `+86138000${String(n).padStart(5, '0')}`;

async function nearby(
  ledger: FindingLog,
  rows: readonly (readonly string[])[],
  operation: 'bind' | 'unbind' = 'bind',
): Promise<string[]> {
  const columns = findRowColumns(HEADINGS, columnParameters(operation, 'axb'), { mapping: {}, name: 'rows.csv' });
  const table = {
    rows: async function* (): AsyncGenerator<readonly TableRow[]> {
      yield await Promise.resolve(rows.map((cells, index) => ({ index, row: index + 2, cells })));
    },
  };
  const reading = { operation, mode: 'axb', columns, defaults: {} } as const;
  const found: string[] = [];
  for await (const { binding: one } of (await nearbyLedger(ledger, table, reading)).entries())
    found.push(one.subscriptionId);
  return found;
}

function ledgerOf(count: number): FindingLog {
  const ledger = new FindingLog();
  ledger.lines.push(
    ...Array.from({ length: count }, (_, n) =>
      line(binding({ subscriptionId: `id-${n}`, a: number(n), b: number(5000 + n), x: `+861700000020${n % 9}` })),
    ),
  );
  return ledger;
}

describe('nearbyLedger', () => {
  it('gives what a few rows can meet: their A on any X, and everything on their X', async () => {
    const found = await nearby(ledgerOf(90), [
      [number(3), number(7000), '17000000201'],
      ['nonsense', '', ''],
    ]);
    expect(found[0]).toBe('id-3');
    expect(found.slice(1)).toEqual(Array.from({ length: 10 }, (_, n) => `id-${n * 9 + 1}`));
  });

  it('gives what has the B of a row that has nothing else', async () => {
    const ledger = ledgerOf(90);
    expect(await nearby(ledger, [['', number(5003), '']], 'unbind')).toEqual(['id-3']);
    // What A finds holds it already.
    expect(await nearby(ledger, [[number(4), number(5003), '']], 'unbind')).toEqual(['id-4']);
  });

  it('gives the whole ledger for many rows, or where finding is no quicker', async () => {
    const many = Array.from({ length: 101 }, (_, n) => [number(n), number(9000 + n), '']);
    const ledger = ledgerOf(20);
    expect(await nearby(ledger, many)).toHaveLength(20);
    ledger.isQuick = false;
    expect(await nearby(ledger, many.slice(0, 1))).toHaveLength(20);
    expect(ledger.given).toBe(0);
  });
});
