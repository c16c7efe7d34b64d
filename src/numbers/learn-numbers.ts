import { isXNumber } from '../domain/phone-number.js';
import type { CallRecord } from '../domain/call-record.js';
import type { Mode } from '../domain/mode.js';
import type { NumberStatus } from '../domain/number-status.js';
import type { Sms } from '../domain/sms.js';
import type { InventoryEntry, NumberOrigin } from '../store/inventory-entry.js';
import type { KeyedLog } from '../store/keyed-log.js';

/** A privacy number that turned up somewhere, and what was said of it. */
export interface Sighting {
  readonly number: string;
  readonly origin: NumberOrigin;
  readonly mode?: Mode | undefined;
  readonly areaCode?: string | undefined;
  readonly status?: string | undefined;
  /** Why it is in that state. */
  readonly cause?: string | undefined;
  /** When it was so; `undefined` = not known. */
  readonly at?: Date | undefined;
}

/** X (and Y) of a call record, an SMS notice or a status push; other records name none. */
export function sightingsOfRecord(
  record: CallRecord | Sms | NumberStatus | { readonly kind: 'CallEvent' },
): Sighting[] {
  switch (record.kind) {
    case 'CallRecord': {
      const { x, y, mode, raw } = record;
      const areaCode = typeof raw.areaCode === 'string' ? raw.areaCode || undefined : undefined;
      const at = record.endedAt ?? record.startedAt;
      const sightings: Sighting[] = [];
      if (x !== undefined) sightings.push({ number: x, origin: 'cdr', mode, areaCode, at });
      if (y !== undefined) sightings.push({ number: y, origin: 'cdr', mode, at });
      return sightings;
    }
    case 'Sms':
      return record.x === undefined ? [] : [{ number: record.x, origin: 'cdr', mode: record.mode, at: record.at }];
    case 'NumberStatus':
      return record.x === undefined ? [] : [{ number: record.x, origin: 'status', ...wordsOf(record), at: record.at }];
    default:
      return [];
  }
}

/** As the console words it: `正常`; `不可用`, `欠费`. */
function wordsOf({ status, cause }: NumberStatus): Pick<Sighting, 'status' | 'cause'> {
  return { status: status?.zh ?? status?.code, cause: cause?.zh ?? cause?.code };
}

/**
 * Enters sightings in the inventory, as one write. New numbers are added; a known one gets the origin and what it lacked;
 * its status changes only by a sighting that is not older; a forgotten one comes back by a newer one only. Texts that are no X number (masked ones, say) are left out.
 * @returns how many entries were added or changed.
 * @throws AppError `disk-full` or `storage-…`; then nothing was entered.
 */
export async function learnNumbers(
  inventory: KeyedLog<InventoryEntry>,
  sightings: Iterable<Sighting> | AsyncIterable<Sighting>,
  now: Date,
): Promise<number> {
  const entries = new Map<string, InventoryEntry>();
  for await (const sighting of sightings) {
    if (!isXNumber(sighting.number)) continue;
    const known = entries.get(sighting.number) ?? (await inventory.get(sighting.number));
    const entry = merge(known, sighting, now);
    if (entry !== known) entries.set(sighting.number, entry);
  }
  if (entries.size > 0) await inventory.append([...entries.values()]);
  return entries.size;
}

/**
 * Learns the X numbers of stored records.
 * @returns how many entries were added or changed.
 * @throws AppError `disk-full` or `storage-…`.
 */
export function learnFromRecords(
  inventory: KeyedLog<InventoryEntry>,
  records: AsyncIterable<Parameters<typeof sightingsOfRecord>[0]>,
  now: Date,
): Promise<number> {
  async function* sightings(): AsyncGenerator<Sighting> {
    for await (const record of records) yield* sightingsOfRecord(record);
  }
  return learnNumbers(inventory, sightings(), now);
}

function merge(known: InventoryEntry | undefined, sighting: Sighting, now: Date): InventoryEntry {
  const at = sighting.at ?? now;
  if (known === undefined || (known.forgotten === true && at > known.at)) {
    const { number, origin, mode, areaCode, status, cause } = sighting;
    const statusAt = status === undefined ? undefined : at;
    return { key: number, at, mode, areaCode, status, cause, statusAt, origins: [origin], firstAt: at };
  }
  if (known.forgotten === true) return known;
  const mode = known.mode ?? sighting.mode;
  const areaCode = known.areaCode ?? sighting.areaCode;
  const { status, cause, statusAt } = statusAfter(known, sighting, at);
  const newOrigin = !known.origins.includes(sighting.origin);
  const sameStatus = status === known.status && cause === known.cause;
  if (!newOrigin && sameStatus && mode === known.mode && areaCode === known.areaCode) return known;
  const origins = newOrigin ? [...known.origins, sighting.origin] : known.origins;
  return { ...known, at: at > known.at ? at : known.at, mode, areaCode, status, cause, statusAt, origins };
}

function statusAfter(
  known: InventoryEntry,
  sighting: Sighting,
  at: Date,
): Pick<InventoryEntry, 'status' | 'cause' | 'statusAt'> {
  const { status, cause } = sighting;
  const fresh = known.status === undefined || at >= (known.statusAt ?? known.at);
  const same = status === known.status && cause === known.cause;
  return status === undefined || !fresh || same ? known : { status, cause, statusAt: at };
}
