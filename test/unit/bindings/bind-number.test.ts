import { describe, expect, it } from 'vitest';
import { bindNumber } from '../../../src/bindings/bind-number.js';
import { AppError } from '../../../src/errors.js';
import { A, B, binding, failureOf, line, LOST, memoryBooks, NOW, X, X2 } from './memory-books.js';

describe('bindNumber', () => {
  it('writes ledger and inventory before it reports success', async () => {
    const books = memoryBooks();
    const result = await bindNumber(books, { mode: 'axb', values: { a: A, b: B, x: X, ttl: 7200, record: true } });
    expect(result).toEqual({
      outcome: 'bound',
      warnings: [],
      binding: {
        kind: 'Binding',
        subscriptionId: 'id-new',
        mode: 'axb',
        a: A,
        b: B,
        x: X,
        recording: true,
        createdAt: NOW,
        expiresAt: new Date('2026-07-20T10:00:00Z'),
      },
    });
    expect(books.ledger.lines).toMatchObject([{ key: 'axb:id-new', action: 'bind', state: 'active', at: NOW }]);
    expect(books.ledger.lines[0]?.binding).toEqual(result.binding);
    expect(books.inventory.lines).toEqual([{ key: X, at: NOW, mode: 'axb', firstAt: NOW, origins: ['bind'] }]);
  });

  it.each([
    ['axb', { a: A, b: B, x: X }, null],
    ['ax', { a: A, x: X }, null],
    ['axe', { a: A, x: X }, null],
    ['axyb', { a: A, area: '0755' }, new Date('2026-07-20T10:00:00Z')],
    ['axyb', { id: 'id-1', b: B, ybTtl: 3600 }, new Date('2026-07-20T09:00:00Z')],
    ['axyb', { id: 'id-1', b: B }, undefined],
  ] as const)('knows the end of a binding that names no ttl: %s %o', async (mode, values, expiresAt) => {
    const { binding: bound } = await bindNumber(memoryBooks(), { mode, values });
    expect(bound.expiresAt).toEqual(expiresAt);
  });

  it('gives each Y of AXYB a ledger line of its own', async () => {
    const books = memoryBooks();
    books.memory.next = { subscriptionId: 'id-1', y: X2 };
    await bindNumber(books, { mode: 'axyb', values: { id: 'id-1', b: B } });
    expect(books.ledger.lines[0]?.key).toBe(`axyb:id-1:${X2}`);
    expect(books.inventory.lines).toMatchObject([{ key: X2, mode: 'axyb' }]);
  });

  it('leaves the books alone when the platform refuses', async () => {
    const books = memoryBooks();
    books.memory.fault = { error: new AppError('no-free-number', 'no X'), acts: false };
    const failure = await failureOf(bindNumber(books, { mode: 'axb', values: { a: A, b: B } }));
    expect(failure.code).toBe('no-free-number');
    expect(books.ledger.lines).toEqual([]);
    expect(books.inventory.lines).toEqual([]);
  });

  it('names the binding ID when the ledger cannot be written', async () => {
    const books = memoryBooks();
    books.ledger.full = true;
    const failure = await failureOf(bindNumber(books, { mode: 'axb', values: { a: A, b: B, x: X } }));
    expect(failure.code).toBe('disk-full');
    expect(failure.message).toContain('bound as id-new on the X ending in 0101');
    expect(failure.message).not.toContain(X);
  });
});

describe('bindNumber with a lost answer', () => {
  it('adopts what a query finds', async () => {
    const books = memoryBooks();
    books.memory.fault = { error: LOST, acts: true };
    const result = await bindNumber(books, { mode: 'axb', values: { a: A, b: B, x: X } });
    expect(result.outcome).toBe('adopted');
    expect(result.binding).toMatchObject({ subscriptionId: 'id-new', a: A, b: B, x: X });
    expect(books.memory.calls.at(-1)).toEqual(['query', { x: X, a: A, b: B }]);
    expect(books.ledger.lines).toMatchObject([{ state: 'active', note: 'the answer was lost; found by a query' }]);
    expect(books.memory.calls.filter(([name]) => name === 'bind')).toHaveLength(1);
  });

  it('says that nothing was bound when the platform does not have it', async () => {
    const books = memoryBooks([binding({ subscriptionId: 'other', a: A, b: '+8613800000009', x: X })]);
    books.memory.fault = { error: LOST, acts: false };
    const failure = await failureOf(bindNumber(books, { mode: 'axb', values: { a: A, b: B, x: X } }));
    expect(failure.code).toBe('network-interrupted');
    expect(failure.message).toContain('nothing was bound');
    expect(failure.message).not.toContain(A);
    expect(books.ledger.lines).toEqual([]);
  });

  it.each([
    ['AXB without X', 'axb', { a: A, b: B, area: '0755' }],
    ['AXYB, which has no query by A', 'axyb', { a: A, area: '0755' }],
    ['AXE without X', 'axe', { a: A, area: '0755' }],
  ] as const)('keeps a line in doubt for %s', async (_, mode, values) => {
    const books = memoryBooks();
    books.memory.fault = { error: LOST, acts: true };
    const failure = await failureOf(bindNumber(books, { mode, values }));
    expect(failure.code).toBe('outcome-unknown');
    expect(failure.hint).toMatchObject({ en: expect.stringContaining('Look') as string });
    expect(books.ledger.lines).toMatchObject([
      { key: expect.stringMatching(/^in-doubt:[0-9a-f-]{36}$/) as string, state: 'in-doubt', request: values, mode },
    ]);
    expect(books.ledger.lines[0]?.binding).toMatchObject({ subscriptionId: '', a: A });
  });

  it('keeps a line in doubt when the query fails too', async () => {
    const books = memoryBooks();
    books.memory.fault = { error: LOST, acts: true };
    books.memory.queryFault = new AppError('network-timeout', 'no answer');
    const failure = await failureOf(bindNumber(books, { mode: 'axb', values: { a: A, b: B, x: X } }));
    expect(failure.code).toBe('outcome-unknown');
    expect(books.ledger.lines).toMatchObject([{ state: 'in-doubt' }]);
  });

  it('leaves no line when it was stopped before the request left', async () => {
    const books = memoryBooks();
    books.memory.fault = { error: new AppError('interrupted', 'stopped'), acts: false };
    const failure = await failureOf(bindNumber(books, { mode: 'axb', values: { a: A, b: B, x: X } }));
    expect(failure.code).toBe('interrupted');
    expect(books.ledger.lines).toEqual([]);
  });

  it('does not take a binding that the ledger knew for a new one', async () => {
    const old = binding({ subscriptionId: 'old', mode: 'axb', a: A, b: B, x: X });
    const books = memoryBooks([old]);
    await books.ledger.append([line(old)]);
    books.memory.fault = { error: LOST, acts: false };
    const failure = await failureOf(bindNumber(books, { mode: 'axb', values: { a: A, b: B, x: X, ttl: 60 } }));
    expect(failure.code).toBe('already-bound');
    expect(books.ledger.lines).toHaveLength(1);
  });

  it('does not take a binding of an earlier time for a new one', async () => {
    const books = memoryBooks([
      binding({ subscriptionId: 'old', mode: 'axb', a: A, b: B, x: X, subscribeTime: '2026-07-19 08:00:00' }),
    ]);
    books.memory.fault = { error: LOST, acts: false };
    const failure = await failureOf(bindNumber(books, { mode: 'axb', values: { a: A, b: B, x: X } }));
    expect(failure.code).toBe('already-bound');
  });

  it('settles an earlier doubt about the same numbers', async () => {
    const books = memoryBooks();
    await books.ledger.append([
      {
        ...line(binding({ subscriptionId: '', mode: 'axb', a: A, b: B })),
        key: 'doubt',
        state: 'in-doubt',
        request: { a: A, b: B },
      },
    ]);
    await bindNumber(books, { mode: 'axb', values: { a: A, b: B, x: X } });
    expect(await books.ledger.get('doubt')).toMatchObject({
      state: 'gone',
      note: expect.stringContaining('settled') as string,
    });
  });

  describe('of AX by A alone', () => {
    const known = binding({ subscriptionId: 'known', mode: 'ax', a: A, x: X });
    const fresh = binding({ subscriptionId: 'fresh', mode: 'ax', a: A, x: X2 });
    const values = { a: A, area: '0755' };

    it.each(['2026-07-20 08:00:03', '2026-07-20 16:00:03'])('adopts the one X bound just now, at %s', async (time) => {
      const books = memoryBooks([known, { ...fresh, subscribeTime: time }]);
      await books.ledger.append([line(known)]);
      books.memory.fault = { error: LOST, acts: false };
      const result = await bindNumber(books, { mode: 'ax', values });
      expect(result.binding.subscriptionId).toBe('fresh');
    });

    it('does not take an X of another time for it', async () => {
      const books = memoryBooks([known, { ...fresh, subscribeTime: '2026-07-20 07:00:03' }]);
      await books.ledger.append([line(known)]);
      books.memory.fault = { error: LOST, acts: false };
      expect((await failureOf(bindNumber(books, { mode: 'ax', values }))).code).toBe('outcome-unknown');
    });

    it('knows that nothing was bound when the ledger knows every X of A', async () => {
      const books = memoryBooks([known]);
      await books.ledger.append([line(known)]);
      books.memory.fault = { error: LOST, acts: false };
      expect((await failureOf(bindNumber(books, { mode: 'ax', values }))).code).toBe('network-interrupted');
    });
  });
});

describe('bindNumber when the numbers are bound already', () => {
  const taken = { error: new AppError('already-bound', 'bound'), acts: false };
  const same = binding({ subscriptionId: 'old', a: A, b: B, x: X });

  it('fails unless told otherwise', async () => {
    const books = memoryBooks([same]);
    books.memory.fault = taken;
    const request = { mode: 'axb', values: { a: A, b: B, x: X } } as const;
    expect((await failureOf(bindNumber(books, request))).code).toBe('already-bound');
  });

  it('skip hands the same pair back and enters it in the ledger', async () => {
    const books = memoryBooks([same]);
    books.memory.fault = taken;
    const result = await bindNumber(books, { mode: 'axb', values: { a: A, b: B, x: X }, ifExists: 'skip' });
    expect(result).toEqual({ binding: same, outcome: 'existed', warnings: [] });
    expect(books.ledger.lines).toMatchObject([{ key: 'axb:old', action: 'seen', state: 'active' }]);
  });

  it('skip still fails for another pair', async () => {
    const books = memoryBooks([binding({ subscriptionId: 'old', a: A, b: '+8613800000009', x: X })]);
    books.memory.fault = taken;
    const request = { mode: 'axb', values: { a: A, b: B, x: X }, ifExists: 'skip' } as const;
    expect((await failureOf(bindNumber(books, request))).code).toBe('already-bound');
  });

  it('update sends what an update takes, and nothing else', async () => {
    const books = memoryBooks([same]);
    books.memory.fault = taken;
    const values = { a: A, b: B, x: X, area: '0755', ttl: 60, userData: 'u' };
    const result = await bindNumber(books, { mode: 'axb', values, ifExists: 'update' });
    expect(books.memory.calls.at(-1)).toEqual(['update', { id: 'old', ttl: 60, userData: 'u' }]);
    expect(result.outcome).toBe('updated');
    expect(result.binding).toMatchObject({ userData: 'u', expiresAt: new Date('2026-07-20T08:01:00Z') });
    expect(books.ledger.lines).toMatchObject([{ action: 'update' }]);
  });

  it('without X the ledger is asked first, so that the pair is not bound a second time', async () => {
    const books = memoryBooks([same]);
    await books.ledger.append([line(same)]);
    const result = await bindNumber(books, { mode: 'axb', values: { a: A, b: B, area: '0755' }, ifExists: 'skip' });
    expect(result.outcome).toBe('existed');
    expect(books.memory.calls).toEqual([['query', { id: 'old' }]]);
  });

  it('a ledger entry that the platform no longer has is marked gone, and the pair is bound', async () => {
    const books = memoryBooks();
    await books.ledger.append([line(same)]);
    const result = await bindNumber(books, { mode: 'axb', values: { a: A, b: B }, ifExists: 'skip' });
    expect(result.outcome).toBe('bound');
    expect(await books.ledger.get('axb:old')).toMatchObject({ state: 'gone', note: 'the platform no longer has it' });
  });
});
