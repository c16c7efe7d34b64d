import { collect } from './collect.js';
import { compareNumber, type Difference } from './compare-number.js';
import { ledgerKey } from './ledger-key.js';
import { mergeBinding } from './merge-binding.js';
import { recordChange } from './record-change.js';
import { settleDoubts } from './settle-doubts.js';
import type { Binding } from '../domain/binding.js';
import type { BindingMode } from '../domain/mode.js';
import type { Bookkeeping } from './bookkeeping.js';

/** One X to ask the platform about. */
export interface RefreshRequest {
  readonly x: string;
  readonly mode: BindingMode;
  /** Keys of every ledger entry that names the X, gone ones may be left out. */
  readonly keys: readonly string[];
  /** Resolves when a further request may leave. */
  readonly turn: () => Promise<void>;
  /** Nothing is written. */
  readonly dryRun: boolean;
}

/** How ledger and platform stood to each other on one X. */
export interface RefreshResult {
  /** Bindings that the platform has on the X. */
  readonly found: number;
  readonly differences: readonly Difference[];
}

/** A page of AXB; AXE's is not documented, 50 in other interfaces. A longer answer came in parts, between which others may have unbound. */
const PAGE: Readonly<Record<BindingMode, number>> = { axb: 100, axe: 50, ax: 50, axyb: 50 };

/**
 * Asks the platform for every binding on an X and brings the ledger to it: unknown bindings are adopted, entries that the platform no longer has are marked
 * with what is known of the reason. A binding that an answer in several parts did not show is asked for by ID before it counts as gone. Marks the X as
 * asked in the inventory.
 * @throws AppError of the platform; `disk-full` or `storage-…`.
 */
export async function refreshNumber(books: Bookkeeping, request: RefreshRequest): Promise<RefreshResult> {
  const { x, mode, turn } = request;
  const askedAt = books.now();
  const found = await askForAll(books, request);
  const known = await books.ledger.getAll(new Set([...request.keys, ...found.map(ledgerKey)]));
  const compare = (): Difference[] => compareNumber({ found, known, askedAt, now: books.now() });
  if (found.length >= PAGE[mode]) {
    for (const { change, entry } of compare()) {
      if (change !== 'missing') continue;
      await turn();
      const again = await collect(books.platform.query(mode, { id: entry.binding.subscriptionId }));
      const there = again.find((binding) => ledgerKey(binding) === entry.key);
      if (there !== undefined) found.push(mergeBinding({ ...there, x }, there));
    }
  }
  const differences = await withDoubts(books, compare());
  if (!request.dryRun) {
    const entries = differences.map(({ entry }) => entry);
    await recordChange(books, {
      entries,
      origin: 'query',
      done: { zh: '已查询 X 号码上的绑定关系', en: 'asked for the bindings on X' },
    });
    await noteAsked(books, { x, mode, askedAt, count: found.length });
  }
  return { found: found.length, differences };
}

/** With the binds in doubt that name no X and are settled by what was found. */
async function withDoubts(books: Bookkeeping, differences: readonly Difference[]): Promise<Difference[]> {
  const all = [...differences];
  for (const { change, entry } of differences) {
    if (change !== 'adopted') continue;
    for (const doubt of await settleDoubts(books, entry.binding)) {
      if (!all.some(({ entry: { key } }) => key === doubt.key)) all.push({ change: 'settled', entry: doubt });
    }
  }
  return all;
}

async function askForAll(books: Bookkeeping, { x, mode, turn }: RefreshRequest): Promise<Binding[]> {
  const found: Binding[] = [];
  await turn();
  for await (const binding of books.platform.query(mode, { x })) {
    found.push(binding);
    // The next binding may need the next page.
    if (found.length % PAGE[mode] === 0) await turn();
  }
  return found;
}

async function noteAsked(
  books: Bookkeeping,
  asked: { readonly x: string; readonly mode: BindingMode; readonly askedAt: Date; readonly count: number },
): Promise<void> {
  const known = await books.inventory.get(asked.x);
  const origins = known?.origins ?? ['query'];
  await books.inventory.append([
    {
      firstAt: asked.askedAt,
      ...known,
      key: asked.x,
      at: asked.askedAt,
      mode: known?.mode ?? asked.mode,
      origins,
      askedAt: asked.askedAt,
      platformBindings: asked.count,
      forgotten: undefined,
    },
  ]);
}
