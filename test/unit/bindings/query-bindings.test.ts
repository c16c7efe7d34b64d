import { describe, expect, it } from 'vitest';
import { collect } from '../../../src/bindings/collect.js';
import { queryBindings } from '../../../src/bindings/query-bindings.js';
import { A, B, binding, line, memoryBooks, NOW, X } from './memory-books.js';

const one = binding({ subscriptionId: 'one', a: A, b: B, x: X });
const two = binding({ subscriptionId: 'two', a: '+8613800000003', b: '+8613800000004', x: X });

describe('queryBindings', () => {
  it('adds what only the ledger knows, and changes no book', async () => {
    const books = memoryBooks([one, two]);
    await books.ledger.append([line({ ...one, createdAt: NOW, expiresAt: null })]);
    const found = await collect(queryBindings(books, { mode: 'axb', values: { x: X } }));
    expect(found).toEqual([{ ...one, createdAt: NOW, expiresAt: null }, two]);
    expect(books.ledger.writes).toBe(1);
  });

  it('adopts unknown bindings in one write', async () => {
    const books = memoryBooks([one, two]);
    await books.ledger.append([line(one)]);
    await collect(queryBindings(books, { mode: 'axb', values: { x: X }, adopt: true }));
    expect(books.ledger.lines.slice(1)).toMatchObject([{ key: 'axb:two', action: 'seen', state: 'active' }]);
    expect(books.inventory.lines).toMatchObject([{ key: X, origins: ['query'] }]);
  });

  it('adopts what was handed out before the reader stopped', async () => {
    const books = memoryBooks([one, two]);
    await collect(queryBindings(books, { mode: 'axb', values: { x: X }, adopt: true }), 1);
    expect(books.ledger.lines.map((entry) => entry.key)).toEqual(['axb:one']);
  });

  it.each([0, 1, 2, 3])('stops after %i', async (limit) => {
    const found = await collect(queryBindings(memoryBooks([one, two]), { mode: 'axb', values: { x: X }, limit }));
    expect(found).toHaveLength(Math.min(limit, 2));
  });
});
