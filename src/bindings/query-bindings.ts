import { counted } from '../domain/counted.js';
import { ledgerKey } from './ledger-key.js';
import { ledgerState } from './ledger-state.js';
import { mergeBinding } from './merge-binding.js';
import { recordChange } from './record-change.js';
import type { Binding } from '../domain/binding.js';
import type { BindingMode } from '../domain/mode.js';
import type { Values } from '../platform/declarations/declaration.js';
import type { LedgerEntry } from '../store/ledger-entry.js';
import type { Bookkeeping } from './bookkeeping.js';

/** A question to the platform. */
export interface QueryRequest {
  readonly mode: BindingMode;
  readonly values: Values;
  /** At most so many bindings; further pages are not asked for. */
  readonly limit?: number | undefined;
  /** Enters bindings that the ledger does not hold as active, and their X, in the books. */
  readonly adopt?: boolean | undefined;
}

/** Bindings entered in the ledger with one write. */
const BATCH = 100;

/**
 * Bindings as the platform has them, with the times of binding and expiry that only the ledger knows.
 * The books change only with `adopt`; what was handed out before the reader stopped is adopted too.
 * @throws AppError of the platform; `disk-full` or `storage-…` with `adopt`.
 */
export async function* queryBindings(books: Bookkeeping, request: QueryRequest): AsyncGenerator<Binding> {
  const limit = request.limit ?? Number.POSITIVE_INFINITY;
  if (limit <= 0) return;
  let waiting: LedgerEntry[] = [];
  const flush = async (): Promise<void> => {
    const entries = waiting;
    waiting = [];
    await recordChange(books, {
      entries,
      origin: 'query',
      done: { zh: `已查到 ${entries.length} 个绑定关系`, en: `found ${counted(entries.length, 'binding')}` },
    });
  };
  let count = 0;
  try {
    for await (const found of books.platform.query(request.mode, request.values)) {
      const known = await books.ledger.get(ledgerKey(found));
      const active = known !== undefined && ledgerState(known, books.now()) === 'active';
      const binding = active ? mergeBinding(known.binding, found) : found;
      if (request.adopt === true && !active) waiting.push(seen(binding, books.now()));
      if (waiting.length >= BATCH) await flush();
      count += 1;
      yield binding;
      if (count >= limit) return;
    }
  } finally {
    await flush();
  }
}

function seen(binding: Binding, at: Date): LedgerEntry {
  return { key: ledgerKey(binding), at, mode: binding.mode, action: 'seen', state: 'active', binding };
}
