import { describe, expect, it } from 'vitest';
import { refreshNumbers, type NumberToAsk, type RefreshedNumber } from '../../../src/bindings/refresh-numbers.js';
import { AppError } from '../../../src/errors.js';
import { binding, memoryBooks } from './memory-books.js';

const numbers = (count: number): NumberToAsk[] =>
  Array.from({ length: count }, (_, n) => ({ x: `+861700000${String(1000 + n)}`, mode: 'axb' }));

/** A platform whose answers come when the test lets them. */
function heldBooks(count: number) {
  const books = memoryBooks(numbers(count).map(({ x }, n) => binding({ subscriptionId: `id-${n}`, x })));
  const open = new Map<string, (error?: AppError) => void>();
  const platform = {
    ...books.platform,
    query: async function* (_mode: string, { x }: { x?: unknown }) {
      await new Promise<void>((resolve, reject) => {
        open.set(String(x), (error) => {
          open.delete(String(x));
          if (error === undefined) resolve();
          else reject(error);
        });
      });
      yield* books.memory.bindings.filter((one) => one.x === x);
    },
  };
  const asked = async (): Promise<string[]> => {
    await new Promise((resolve) => setImmediate(resolve));
    return [...open.keys()].map((x) => x.slice(-2));
  };
  return { books: { ...books, platform: platform as unknown as typeof books.platform }, open, asked };
}

function start(count: number, concurrency: number) {
  const held = heldBooks(count);
  const rows = refreshNumbers(numbers(count), new Map(), {
    turn: () => Promise.resolve(),
    dryRun: false,
    concurrency,
    booksOf: () => Promise.resolve(held.books),
  });
  const given: RefreshedNumber[] = [];
  const ended = (async () => {
    for await (const row of rows) given.push(row);
  })();
  ended.catch(() => undefined);
  const answer = (n: number, error?: AppError): void => held.open.get(numbers(count)[n]!.x)?.(error);
  return { ...held, given, ended, answer };
}

describe('refreshNumbers', () => {
  it('asks for so many at once and gives them in their order', async () => {
    const { asked, answer, given, ended } = start(6, 3);
    expect(await asked()).toEqual(['00', '01', '02']);
    answer(2);
    expect(await asked()).toEqual(['00', '01', '03']);
    expect(given).toEqual([]);
    answer(0);
    expect(await asked()).toEqual(['01', '03', '04']);
    for (const n of [4, 3, 1]) answer(n);
    await asked();
    answer(5);
    await ended;
    expect(given.map(({ x, adopted }) => [x.slice(-2), adopted])).toEqual(
      ['00', '01', '02', '03', '04', '05'].map((x) => [x, 1]),
    );
  });

  it('does not run ahead of a slow one for ever', async () => {
    const { asked, answer, ended } = start(30, 2);
    for (let n = 1; n < 30; n += 1) {
      await asked();
      answer(n);
    }
    expect(await asked()).toEqual(['00']);
    answer(0);
    for (let n = 1; n < 30; n += 1) {
      await asked();
      answer(n);
    }
    await ended;
  });

  it('begins none after a failure that meets all, and writes what was asked before', async () => {
    const { asked, answer, ended, given, books } = start(6, 3);
    await asked();
    answer(1, new AppError('network-timeout', 'no answer'));
    await asked();
    answer(0);
    answer(2);
    await expect(ended).rejects.toMatchObject({ code: 'network-timeout' });
    expect(given.map(({ x }) => x.slice(-2))).toEqual(['00']);
    expect(await asked()).toEqual([]);
    const written = books.inventory.lines.filter(({ askedAt }) => askedAt !== undefined);
    expect(written.map(({ key }) => key.slice(-2)).sort()).toEqual(['00', '02']);
  });

  it('goes on behind a number that alone was refused', async () => {
    const { asked, answer, ended, given } = start(2, 1);
    await asked();
    answer(0, new AppError('number-not-found', 'no such X'));
    await asked();
    answer(1);
    await ended;
    expect(given.map(({ code, bindings }) => [code, bindings])).toEqual([
      ['number-not-found', undefined],
      [undefined, 1],
    ]);
  });
});
