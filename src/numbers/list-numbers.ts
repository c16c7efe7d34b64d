import { batchesOf } from '../domain/batched.js';
import { capacityOf } from '../domain/capacity.js';
import type { Mode } from '../domain/mode.js';
import type { InventoryEntry, NumberOrigin } from '../store/inventory-entry.js';
import type { KeyedLog } from '../store/keyed-log.js';
import type { LedgerEntry } from '../store/ledger-entry.js';
import { emptyUse, type NumberUse } from './tally-use.js';

/** One X number with its use, as far as the own ledger and journal know. */
export interface NumberRecord {
  readonly kind: 'Number';
  readonly x: string;
  readonly mode?: Mode | undefined;
  readonly city?: string | undefined;
  readonly areaCode?: string | undefined;
  readonly status?: string | undefined;
  readonly cause?: string | undefined;
  /** Since when it is known to be in that state. */
  readonly statusAt?: Date | undefined;
  readonly sms?: boolean | undefined;
  readonly origins: readonly NumberOrigin[];
  /** Bindings in the ledger that are active now; the platform tells no such figure. */
  readonly activeBindings: number;
  /** Bindings that it takes at most, where that is documented. */
  readonly capacity?: number | undefined;
  /** How many more it takes, by the ledger. */
  readonly freeCapacity?: number | undefined;
  /** Calls in the journal within the days asked for; `undefined` when the journal was not read. */
  readonly calls?: number | undefined;
  readonly answered?: number | undefined;
  /** From 0 to 1; `undefined` without a call. */
  readonly answerRate?: number | undefined;
  readonly texts?: number | undefined;
  readonly lastCallAt?: Date | undefined;
  /** The latest of calls and texts. */
  readonly lastUseAt?: Date | undefined;
  /** How many bindings the platform had when it was last asked, and when that was. */
  readonly platformBindings?: number | undefined;
  readonly askedAt?: Date | undefined;
  readonly firstAt?: Date | undefined;
  /** When the inventory last learnt something of it. */
  readonly updatedAt: Date;
  readonly extra?: Readonly<Record<string, string>> | undefined;
}

/** Which numbers are meant; everything given must fit. */
export interface NumberCriteria {
  readonly x?: string | undefined;
  readonly mode?: Mode | undefined;
  readonly areaCode?: string | undefined;
  /** Part of the city's name. */
  readonly city?: string | undefined;
  /** The state, or the state with its cause in brackets. */
  readonly status?: string | undefined;
  /** True: only numbers without an active binding. */
  readonly unused?: boolean | undefined;
  /** Only numbers that take at least so many more bindings. */
  readonly free?: number | undefined;
  /** Only numbers without a call or text since then; needs `use`. */
  readonly unusedSince?: Date | undefined;
}

/** What the list is made of. */
export interface NumberBooks {
  readonly inventory: Pick<KeyedLog<InventoryEntry>, 'entries'>;
  readonly ledger: Pick<KeyedLog<LedgerEntry>, 'entries' | 'find'>;
  /** Use by number, from the journal; without it calls are not told. */
  readonly use?: ReadonlyMap<string, NumberUse> | undefined;
}

/** Numbers of the inventory that fit, in the order in which they were first entered. */
export async function* listNumbers(
  books: NumberBooks,
  criteria: NumberCriteria,
  now: Date,
): AsyncGenerator<NumberRecord> {
  const held = await countBindings(books.ledger, criteria.x, now);
  for await (const { key, at, forgotten, ...entry } of books.inventory.entries()) {
    if (forgotten === true) continue;
    const { bindings = 0, digits } = held.get(key) ?? {};
    const capacity = capacityOf(entry.mode, digits);
    const record: NumberRecord = {
      kind: 'Number',
      x: key,
      ...entry,
      activeBindings: bindings,
      capacity,
      freeCapacity: capacity === undefined ? undefined : Math.max(0, capacity - bindings),
      ...(books.use === undefined ? {} : shownUse(books.use.get(key) ?? emptyUse())),
      updatedAt: at,
    };
    if (fits(record, criteria)) yield record;
  }
}

function shownUse({ calls, answered, texts, lastCallAt, lastUseAt }: NumberUse): Partial<NumberRecord> {
  const answerRate = calls === 0 ? undefined : Math.round((answered / calls) * 10_000) / 10_000;
  return { calls, answered, answerRate, texts, lastCallAt, lastUseAt };
}

interface Held {
  readonly bindings: number;
  /** Length of the longest extension. */
  readonly digits: number | undefined;
}

/** @param only the one number that is asked for: of a large ledger little more than its bindings is read. */
async function countBindings(
  ledger: NumberBooks['ledger'],
  only: string | undefined,
  now: Date,
): Promise<ReadonlyMap<string, Held>> {
  const held = new Map<string, { bindings: number; digits: number | undefined; readonly shared: Set<string> }>();
  const entries = (only === undefined ? undefined : ledger.find?.([only])) ?? ledger.entries();
  for await (const batch of batchesOf(entries)) {
    for (const { state, mode, binding } of batch) {
      const over = binding.expiresAt instanceof Date && binding.expiresAt.getTime() <= now.getTime();
      if (state !== 'active' || over) continue;
      for (const number of [binding.x, binding.y]) {
        if (number === undefined) continue;
        const known = held.get(number) ?? { bindings: 0, digits: undefined, shared: new Set() };
        held.set(number, known);
        if (binding.extension !== undefined) known.digits = Math.max(known.digits ?? 0, binding.extension.length);
        // A's X and every Y of it share one ID in AXYB: on X they are one binding. In other modes an ID is one entry.
        if (mode === 'axyb' && known.shared.has(binding.subscriptionId)) continue;
        if (mode === 'axyb') known.shared.add(binding.subscriptionId);
        known.bindings += 1;
      }
    }
  }
  return held;
}

function fits(record: NumberRecord, criteria: NumberCriteria): boolean {
  const { x, mode, areaCode, city, status, unused, free, unusedSince } = criteria;
  if (x !== undefined && x !== record.x) return false;
  if (mode !== undefined && mode !== record.mode) return false;
  if (areaCode !== undefined && areaCode !== record.areaCode) return false;
  if (city !== undefined && record.city?.includes(city) !== true) return false;
  if (status !== undefined && status !== record.status && status !== statusText(record)) return false;
  if (free !== undefined && (record.freeCapacity ?? 0) < free) return false;
  if (unusedSince !== undefined && record.lastUseAt !== undefined && record.lastUseAt >= unusedSince) return false;
  return unused !== true || record.activeBindings === 0;
}

/** State and cause as one text: `不可用（欠费）`. */
export function statusText({ status, cause }: Pick<NumberRecord, 'status' | 'cause'>): string | undefined {
  return status === undefined || cause === undefined ? status : `${status}（${cause}）`;
}
