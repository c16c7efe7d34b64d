import { describe, expect, it } from 'vitest';
import { planUnbind } from '../../../src/bindings/plan-unbind.js';
import { unbindNumber } from '../../../src/bindings/unbind-number.js';
import { AppError } from '../../../src/errors.js';
import { A, B, binding, failureOf, line, LOST, memoryBooks, X, X2 } from './memory-books.js';

const one = binding({ subscriptionId: 'one', a: A, b: B, x: X });
const two = binding({ subscriptionId: 'two', a: '+8613800000003', b: '+8613800000004', x: X });
const far = binding({ subscriptionId: 'far', a: A, b: B, x: X2 });

describe('planUnbind', () => {
  it('counts every pair on X', async () => {
    const plan = await planUnbind(memoryBooks([one, two, far]), { mode: 'axb', values: { x: X } });
    expect(plan).toEqual({ bindings: [one, two], all: true, values: { x: X } });
  });

  it('is of one binding by ID, also when X is given', async () => {
    const plan = await planUnbind(memoryBooks([one, two]), { mode: 'axb', values: { id: 'two', x: X } });
    expect(plan).toMatchObject({ bindings: [two], all: false });
  });

  it.each([
    ['axb', {}],
    ['axe', { x: X }],
  ] as const)('refuses %s %o before it asks', async (mode, values) => {
    const books = memoryBooks([one]);
    expect((await failureOf(planUnbind(books, { mode, values }))).code).toBe('flag-missing');
    expect(books.memory.calls).toEqual([]);
  });

  it('finds the ID of an AXYB binding by X, and tells one Y from all', async () => {
    const y1 = binding({ mode: 'axyb', subscriptionId: 'ax', x: X, y: X2, b: B });
    const y2 = binding({ mode: 'axyb', subscriptionId: 'ax', x: X, y: '+8617000000103', b: '+8613800000009' });
    const all = await planUnbind(memoryBooks([y1, y2]), { mode: 'axyb', values: { x: X } });
    expect(all).toEqual({ bindings: [y1, y2], all: true, values: { id: 'ax' } });
    const single = await planUnbind(memoryBooks([y1, y2]), { mode: 'axyb', values: { x: X, b: B } });
    expect(single).toEqual({ bindings: [y1], all: false, values: { id: 'ax', b: B } });
  });
});

describe('unbindNumber', () => {
  it('marks what ledger and platform knew as gone, and nothing else', async () => {
    const books = memoryBooks([one, two, far]);
    await books.ledger.append([line(one), line(far)]);
    const result = await unbindNumber(books, { mode: 'axb', values: { x: X } });
    expect(result.gone.map((gone) => gone.subscriptionId)).toEqual(['one', 'two']);
    expect(books.memory.bindings).toEqual([far]);
    expect(await books.ledger.get('axb:one')).toMatchObject({ state: 'gone', action: 'unbind' });
    expect(await books.ledger.get('axb:two')).toMatchObject({ state: 'gone' });
    expect(await books.ledger.get('axb:far')).toMatchObject({ state: 'active' });
    expect(books.ledger.writes).toBe(2);
  });

  it('by ID sends one request, and enters an ID that the ledger did not know', async () => {
    const books = memoryBooks([one]);
    await unbindNumber(books, { mode: 'axb', values: { id: 'one' } });
    expect(books.memory.calls).toEqual([['unbind', { id: 'one' }]]);
    expect(books.ledger.lines).toMatchObject([{ key: 'axb:one', state: 'gone' }]);
  });

  it('by the ID of AXYB marks A, X and every Y', async () => {
    const ax = binding({ mode: 'axyb', subscriptionId: 'ax', a: A, x: X });
    const y = binding({ mode: 'axyb', subscriptionId: 'ax', a: A, x: X, y: X2, b: B });
    const books = memoryBooks([y]);
    await books.ledger.append([line(ax), line(y)]);
    await unbindNumber(books, { mode: 'axyb', values: { id: 'ax' } });
    expect(await books.ledger.get('axyb:ax')).toMatchObject({ state: 'gone' });
    expect(await books.ledger.get(`axyb:ax:${X2}`)).toMatchObject({ state: 'gone' });
  });

  it('of a missing binding fails and leaves the ledger, unless it is ignored', async () => {
    const books = memoryBooks();
    await books.ledger.append([line(one)]);
    const fault = { error: new AppError('binding-not-found', 'none'), acts: false };
    books.memory.fault = fault;
    const request = { mode: 'axb', values: { id: 'one' } } as const;
    expect((await failureOf(unbindNumber(books, request))).code).toBe('binding-not-found');
    expect(await books.ledger.get('axb:one')).toMatchObject({ state: 'active' });
    books.memory.fault = fault;
    expect(await unbindNumber(books, { ...request, ignoreMissing: true })).toEqual({
      gone: [one],
      missing: true,
      warnings: [],
    });
    expect(await books.ledger.get('axb:one')).toMatchObject({ state: 'gone', note: 'the platform does not have it' });
  });

  it('resolves a lost answer by a query: gone', async () => {
    const books = memoryBooks([one]);
    await books.ledger.append([line(one)]);
    books.memory.fault = { error: LOST, acts: true };
    const result = await unbindNumber(books, { mode: 'axb', values: { id: 'one' } });
    expect(result.warnings.map(({ en }) => en)).toEqual(['the answer was lost; a query no longer finds it']);
    expect(await books.ledger.get('axb:one')).toMatchObject({ state: 'gone' });
  });

  it('resolves a lost answer by a query: still there', async () => {
    const books = memoryBooks([one, two]);
    await books.ledger.append([line(one)]);
    books.memory.fault = { error: LOST, acts: false };
    const failure = await failureOf(unbindNumber(books, { mode: 'axb', values: { x: X } }));
    expect(failure.code).toBe('network-interrupted');
    expect(failure.message).toContain('still bound: one, two');
    expect(await books.ledger.get('axb:one')).toMatchObject({ state: 'active' });
  });

  it('stays unknown when the query fails', async () => {
    const books = memoryBooks([one]);
    books.memory.fault = { error: LOST, acts: true };
    books.memory.queryFault = new AppError('network-timeout', 'no answer');
    expect(await failureOf(unbindNumber(books, { mode: 'axb', values: { id: 'one' } }))).toBe(LOST);
  });
});
