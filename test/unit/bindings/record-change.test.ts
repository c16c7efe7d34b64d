import { describe, expect, it } from 'vitest';
import { recordChange } from '../../../src/bindings/record-change.js';
import { A, B, binding, line, memoryBooks, X } from './memory-books.js';

describe('recordChange', () => {
  it('asks the ledger once for all lines that carry on what it knows, and not at all where none does', async () => {
    const books = memoryBooks();
    const pairs = ['one', 'two', 'three'].map((subscriptionId) => binding({ subscriptionId, a: A, b: B, x: X }));
    const bound = pairs.map((pair) =>
      line(pair, { request: { a: A, b: B, recordTone: `${pair.subscriptionId}.wav` } }),
    );
    await recordChange(books, { entries: bound, done: 'bound three' });
    expect(books.ledger.reads).toBe(0);
    const seen = pairs.map((pair) => line(pair, { action: 'seen' }));
    await recordChange(books, { entries: seen, origin: 'query', done: 'found three' });
    expect([books.ledger.reads, books.inventory.reads]).toEqual([1, 1]);
    expect(books.inventory.lines).toMatchObject([{ key: X, origins: ['query'] }]);
    expect(books.ledger.lines.slice(3).map(({ settings }) => settings?.recordTone)).toEqual([
      'one.wav',
      'two.wav',
      'three.wav',
    ]);
  });
});
