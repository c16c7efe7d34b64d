import { describe, expect, it } from 'vitest';
import { updateNumber } from '../../../src/bindings/update-number.js';
import { AppError } from '../../../src/errors.js';
import { A, B, binding, failureOf, line, LOST, memoryBooks, X } from './memory-books.js';

const NEW_B = '+8613800000005';
const one = binding({ subscriptionId: 'one', a: A, b: B, x: X, expiresAt: null });

describe('updateNumber', () => {
  it('changes the ledger with the platform; the time to live starts anew', async () => {
    const books = memoryBooks([one]);
    await books.ledger.append([line(one)]);
    const result = await updateNumber(books, { mode: 'axb', values: { id: 'one', b: NEW_B, ttl: 60 } });
    expect(result.binding).toEqual({ ...one, b: NEW_B, expiresAt: new Date('2026-07-20T08:01:00Z') });
    expect(await books.ledger.get('axb:one')).toMatchObject({ action: 'update', binding: { b: NEW_B } });
  });

  it('finds the binding of AX by X, and changes A', async () => {
    const ax = binding({ subscriptionId: 'ax', mode: 'ax', a: A, x: X });
    const books = memoryBooks([ax]);
    await books.ledger.append([line(ax)]);
    await updateNumber(books, { mode: 'ax', values: { x: X, a: B } });
    expect(await books.ledger.get('ax:ax')).toMatchObject({ binding: { a: B, x: X } });
  });

  it('reads a binding that the ledger does not know from the platform', async () => {
    const books = memoryBooks([one]);
    await updateNumber(books, { mode: 'axb', values: { id: 'one', b: NEW_B } });
    expect(books.ledger.lines).toMatchObject([{ key: 'axb:one', binding: { a: A, b: NEW_B, x: X } }]);
  });

  it('says how a binding gets into the ledger that neither it nor a query could tell of', async () => {
    const books = memoryBooks([one]);
    books.memory.queryFault = new AppError('network-unreachable', 'no way');
    const result = await updateNumber(books, { mode: 'axb', values: { id: 'one', b: NEW_B } });
    expect(result).toEqual({
      binding: undefined,
      warnings: [
        {
          zh: expect.stringMatching(/^已修改/) as string,
          en: 'changed, but the ledger does not have this binding, nor could the platform be asked for it; "query --id one --adopt" enters it',
        },
      ],
    });
    expect(books.ledger.lines).toEqual([]);
  });

  it.each([
    [true, undefined],
    [false, 'network-interrupted'],
  ])('sees by a query whether a lost update happened: %s', async (acts, code) => {
    const books = memoryBooks([one]);
    books.memory.fault = { error: LOST, acts };
    const update = updateNumber(books, { mode: 'axb', values: { id: 'one', b: NEW_B } });
    if (code === undefined) {
      expect((await update).warnings.map(({ en }) => en)).toEqual([
        'the answer was lost; a query shows that the platform has made the change',
      ]);
    } else {
      expect((await failureOf(update)).code).toBe(code);
      expect(books.ledger.lines).toEqual([]);
    }
  });

  it('cannot see whether a lost update of the time to live happened', async () => {
    const books = memoryBooks([one]);
    books.memory.fault = { error: LOST, acts: true };
    const failure = await failureOf(updateNumber(books, { mode: 'axb', values: { id: 'one', ttl: 60 } }));
    expect(failure.code).toBe('outcome-unknown');
    expect(failure.hint).toMatchObject({ en: expect.stringContaining('may be sent again') as string });
  });

  it('hands a refusal on', async () => {
    const books = memoryBooks();
    books.memory.fault = { error: new AppError('binding-not-found', 'none'), acts: false };
    const failure = await failureOf(updateNumber(books, { mode: 'axb', values: { id: 'one', ttl: 60 } }));
    expect(failure.code).toBe('binding-not-found');
  });
});
