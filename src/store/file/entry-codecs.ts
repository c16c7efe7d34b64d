import type { Binding } from '../../domain/binding.js';
import type { ArchiveEntry, InventoryEntry, LedgerEntry, RecordingNote } from '../store.js';
import { LineError } from './sealed-line.js';

/** How an entry of a keyed log becomes the fields of a line, and back. */
export interface EntryCodec<T> {
  /** Fields as JSON takes them; instants become RFC 3339 in UTC by themselves. */
  readonly encode: (entry: T) => Readonly<Record<string, unknown>>;
  /** @throws {LineError} when the fields are not those of such an entry. */
  readonly decode: (fields: Readonly<Record<string, unknown>>) => T;
}

/** Instants of the binding survive, `expiresAt` also as `null` = never and missing = not known. */
export const LEDGER_CODEC: EntryCodec<LedgerEntry> = {
  encode: (entry) => ({ ...entry }),
  decode: (fields) => {
    const entry = entryOf(fields) as LedgerEntry;
    return { ...entry, binding: bindingOf(fields.binding) };
  },
};

export const INVENTORY_CODEC: EntryCodec<InventoryEntry> = {
  encode: (entry) => ({ ...entry }),
  decode: (fields) => {
    const entry = entryOf(fields) as InventoryEntry;
    if (!Array.isArray(entry.origins)) throw new LineError('the line has no origins');
    return { ...entry, ...instantsOf(fields, ['statusAt', 'firstAt', 'askedAt']) };
  },
};

export const ARCHIVE_CODEC: EntryCodec<ArchiveEntry> = {
  encode: (entry) => ({ ...entry }),
  decode: (fields) => {
    const entry = entryOf(fields) as ArchiveEntry;
    if (typeof entry.file !== 'string') throw new LineError('the line names no file');
    return entry;
  },
};

export const RECORDING_NOTE_CODEC: EntryCodec<RecordingNote> = {
  encode: (entry) => ({ ...entry }),
  decode: (fields) => {
    const entry = entryOf(fields) as RecordingNote;
    if (typeof entry.state !== 'string') throw new LineError('the line has no state');
    return entry;
  },
};

/** The checksum vouches that the tool wrote the line: only what a careless hand could have built is checked. */
function entryOf(fields: Readonly<Record<string, unknown>>): unknown {
  const { v: _version, ...entry } = fields;
  if (typeof entry.key !== 'string') throw new LineError('the line has no key');
  return { ...entry, at: instantOf(entry.at) };
}

/** Those of the instants that the line has. */
function instantsOf(fields: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, Date> {
  return Object.fromEntries(
    names.filter((name) => fields[name] !== undefined).map((name) => [name, instantOf(fields[name])]),
  );
}

function bindingOf(value: unknown): Binding {
  if (typeof value !== 'object' || value === null) throw new LineError('the line has no binding');
  const { createdAt, expiresAt, ...rest } = value as Record<string, unknown>;
  return {
    ...(rest as unknown as Binding),
    ...(createdAt === undefined ? {} : { createdAt: instantOf(createdAt) }),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : instantOf(expiresAt) }),
  };
}

function instantOf(value: unknown): Date {
  const at = new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(at.getTime())) throw new LineError('the line has no valid instant');
  return at;
}
