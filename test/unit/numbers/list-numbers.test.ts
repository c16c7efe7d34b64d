import { describe, expect, it } from 'vitest';
import { collect } from '../../../src/bindings/collect.js';
import { listNumbers, type NumberCriteria } from '../../../src/numbers/list-numbers.js';
import { binding, line, memoryBooks, NOW, X, X2 } from '../bindings/memory-books.js';

const X3 = '+8617000000103';

async function list(criteria: NumberCriteria = {}): Promise<{ x: string; activeBindings: number }[]> {
  const books = memoryBooks();
  await books.inventory.append([
    { key: X, at: NOW, mode: 'axb', city: '深圳', areaCode: '0755', status: '正常', origins: ['import'] },
    { key: X2, at: NOW, mode: 'axyb', city: '北京', origins: ['bind'] },
    { key: X3, at: NOW, origins: ['cdr'] },
  ]);
  await books.ledger.append([
    line(binding({ subscriptionId: '1', x: X })),
    line(binding({ subscriptionId: '2', x: X, expiresAt: null })),
    line(binding({ subscriptionId: '3', x: X, expiresAt: NOW })),
    line(binding({ subscriptionId: '4', x: X }), { state: 'gone' }),
    line(binding({ subscriptionId: '', x: X }), { state: 'in-doubt', key: 'in-doubt:1' }),
    line(binding({ subscriptionId: '5', mode: 'axyb', x: X2 })),
    line(binding({ subscriptionId: '5', mode: 'axyb', x: X2, y: '+8617000000104' })),
  ]);
  const numbers = await collect(listNumbers(books, criteria, NOW));
  return numbers.map(({ x, activeBindings }) => ({ x, activeBindings }));
}

describe('listNumbers', () => {
  it('counts the bindings that are active now', async () => {
    expect(await list()).toEqual([
      { x: X, activeBindings: 2 },
      { x: X2, activeBindings: 1 },
      { x: X3, activeBindings: 0 },
    ]);
  });

  it.each([
    [{ mode: 'axb' }, [X]],
    [{ areaCode: '0755' }, [X]],
    [{ city: '北' }, [X2]],
    [{ status: '正常' }, [X]],
    [{ unused: true }, [X3]],
    [{ mode: 'ax' }, []],
  ] as const)('filters by %o', async (criteria, expected) => {
    expect((await list(criteria)).map(({ x }) => x)).toEqual(expected);
  });

  it('reads of the ledger only what is on the one number that is asked for', async () => {
    const { ledger, inventory } = memoryBooks();
    await inventory.append([{ key: X2, at: NOW, mode: 'axyb', origins: ['bind'] }]);
    await ledger.append([
      line(binding({ subscriptionId: '1', x: X })),
      line(binding({ subscriptionId: '5', mode: 'axyb', x: X2 })),
      line(binding({ subscriptionId: '5', mode: 'axyb', x: X2, y: '+8617000000104' })),
    ]);
    const asked: (readonly string[])[] = [];
    const indexed = {
      entries: () => {
        throw new Error('the whole ledger was read');
      },
      find: (texts: readonly string[]) => {
        asked.push(texts);
        return ledger.entries();
      },
    };
    const numbers = await collect(listNumbers({ inventory, ledger: indexed }, { x: X2 }, NOW));
    expect(numbers.map(({ x, activeBindings }) => ({ x, activeBindings }))).toEqual([{ x: X2, activeBindings: 1 }]);
    expect(asked).toEqual([[X2]]);
  });
});
