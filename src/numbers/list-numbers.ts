import type { Mode } from '../domain/mode.js';
import type { InventoryEntry, KeyedLog, LedgerEntry, NumberOrigin } from '../store/store.js';

/** One X number with its use, as far as the own ledger knows. */
export interface NumberRecord {
  readonly kind: 'Number';
  readonly x: string;
  readonly mode?: Mode | undefined;
  readonly city?: string | undefined;
  readonly areaCode?: string | undefined;
  readonly status?: string | undefined;
  readonly sms?: boolean | undefined;
  readonly origins: readonly NumberOrigin[];
  /** Bindings in the ledger that are active now; the platform tells no such figure. */
  readonly activeBindings: number;
  /** When the inventory last learnt something of it. */
  readonly updatedAt: Date;
  readonly extra?: Readonly<Record<string, string>> | undefined;
}

/** Which numbers are meant; everything given must fit. */
export interface NumberCriteria {
  readonly mode?: Mode | undefined;
  readonly areaCode?: string | undefined;
  /** Part of the city's name. */
  readonly city?: string | undefined;
  readonly status?: string | undefined;
  /** True: only numbers without an active binding. */
  readonly unused?: boolean | undefined;
}

/** What the list is made of. */
export interface NumberBooks {
  readonly inventory: Pick<KeyedLog<InventoryEntry>, 'entries'>;
  readonly ledger: Pick<KeyedLog<LedgerEntry>, 'entries'>;
}

/** Numbers of the inventory that fit, in the order in which they were first entered. */
export async function* listNumbers(
  books: NumberBooks,
  criteria: NumberCriteria,
  now: Date,
): AsyncGenerator<NumberRecord> {
  const uses = await countUses(books.ledger, now);
  for await (const { key, at, ...entry } of books.inventory.entries()) {
    const record: NumberRecord = {
      kind: 'Number',
      x: key,
      ...entry,
      activeBindings: uses.get(key) ?? 0,
      updatedAt: at,
    };
    if (fits(record, criteria)) yield record;
  }
}

async function countUses(ledger: NumberBooks['ledger'], now: Date): Promise<Map<string, number>> {
  const uses = new Map<string, Set<string>>();
  for await (const { state, binding } of ledger.entries()) {
    const over = binding.expiresAt instanceof Date && binding.expiresAt.getTime() <= now.getTime();
    if (state !== 'active' || over) continue;
    for (const number of [binding.x, binding.y]) {
      if (number === undefined) continue;
      // A's X and every Y of it share one ID in AXYB: on X they are one binding.
      const ids = uses.get(number) ?? new Set();
      uses.set(number, ids.add(binding.subscriptionId));
    }
  }
  return new Map([...uses].map(([number, ids]) => [number, ids.size]));
}

function fits(record: NumberRecord, criteria: NumberCriteria): boolean {
  if (criteria.mode !== undefined && criteria.mode !== record.mode) return false;
  if (criteria.areaCode !== undefined && criteria.areaCode !== record.areaCode) return false;
  if (criteria.city !== undefined && record.city?.includes(criteria.city) !== true) return false;
  if (criteria.status !== undefined && criteria.status !== record.status) return false;
  return criteria.unused !== true || record.activeBindings === 0;
}
