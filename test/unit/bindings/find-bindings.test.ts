import { describe, expect, it } from 'vitest';
import { collect } from '../../../src/bindings/collect.js';
import { findBindings, findExpiring } from '../../../src/bindings/find-bindings.js';
import { A, B, binding, line, memoryBooks, NOW, X, X2 } from './memory-books.js';

const at = (time: string): Date => new Date(`2026-07-20T${time}Z`);
const never = binding({ subscriptionId: 'never', a: A, b: B, x: X, expiresAt: null, userData: 'order-1' });
const soon = binding({ subscriptionId: 'soon', a: A, b: B, x: X2, expiresAt: at('09:00:00') });
const sooner = binding({ subscriptionId: 'sooner', a: B, b: A, x: X2, expiresAt: at('08:00:01') });
const over = binding({ subscriptionId: 'over', a: A, b: B, x: X, expiresAt: NOW });
const gone = binding({ subscriptionId: 'gone', a: A, b: B, x: X });
const doubt = binding({ subscriptionId: '', mode: 'axe', a: A, x: X });

async function ledger(): Promise<ReturnType<typeof memoryBooks>['ledger']> {
  const books = memoryBooks();
  await books.ledger.append([line(gone), line(never), line(soon), line(sooner), line(over)]);
  await books.ledger.append([
    line(gone, { state: 'gone' }),
    line(doubt, { key: 'in-doubt:1', state: 'in-doubt', mode: 'axe' }),
  ]);
  return books.ledger;
}

describe('findBindings', () => {
  it.each([
    ['only what is active now', {}, ['never', 'soon', 'sooner']],
    ['A', { a: A }, ['never', 'soon']],
    ['X and B', { x: X2, b: A }, ['sooner']],
    ['ID', { id: 'never' }, ['never']],
    ['user data', { userData: 'order-1' }, ['never']],
    ['what the clock ended', { states: ['expired'] }, ['over']],
    ['what is gone', { states: ['gone', 'expired'] }, ['gone', 'over']],
    ['what is in doubt', { mode: 'axe', states: ['in-doubt'] }, ['']],
  ] as const)('finds %s', async (_, criteria, ids) => {
    const rows = await collect(findBindings(await ledger(), criteria, NOW));
    expect(rows.map((row) => row.entry.binding.subscriptionId)).toEqual(ids);
  });

  it.each([
    ['a whole number', { a: A }, [[A]]],
    ['a whole number beside a test', { a: A, b: (number: string) => number.endsWith('2') }, [[A]]],
    ['a test alone', { a: (number: string) => number.endsWith('0001') }, []],
  ] as const)('asks the index for %s', async (_, criteria, asked) => {
    const whole = await ledger();
    const terms: (readonly string[])[] = [];
    const indexed = {
      entries: () => whole.entries(),
      find: (texts: readonly string[]) => {
        terms.push(texts);
        return whole.entries();
      },
    };
    const rows = await collect(findBindings(indexed, criteria, NOW));
    expect(rows.map((row) => row.entry.binding.subscriptionId)).toEqual(['never', 'soon']);
    expect(terms).toEqual(asked);
  });

  it('says how an entry stands now', async () => {
    const [row] = await collect(findBindings(await ledger(), { id: 'over', states: ['expired'] }, NOW));
    expect(row?.state).toBe('expired');
  });
});

describe('findExpiring', () => {
  it.each([
    [3600, ['sooner', 'soon']],
    [3599, ['sooner']],
    [0, []],
  ])('within %i seconds, soonest first', async (withinSeconds, ids) => {
    const rows = await findExpiring(await ledger(), { withinSeconds }, NOW);
    expect(rows.map((row) => row.entry.binding.subscriptionId)).toEqual(ids);
  });
});
