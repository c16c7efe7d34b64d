import type { Binding } from '../../domain/binding.js';
import type { ArchiveEntry } from '../archive-entry.js';
import type { InventoryEntry } from '../inventory-entry.js';
import type { LedgerEntry } from '../ledger-entry.js';
import type { RecordingNote } from '../recording-note.js';
import { instantOf, LineError } from './sealed-line.js';

/** How an entry of a keyed log becomes the fields of a line, and back. */
export interface EntryCodec<T> {
  /** Fields as JSON takes them; instants become RFC 3339 in UTC by themselves. */
  readonly encode: (entry: T) => Readonly<Record<string, unknown>>;
  /** @throws {LineError} when the fields are not those of such an entry. */
  readonly decode: (fields: Readonly<Record<string, unknown>>) => T;
  /** By what an entry is found: what an index of a long log needs; a log without it has none. */
  readonly facts?: ((fields: Readonly<Record<string, unknown>>) => EntryFacts) | undefined;
}

/** By what an entry is found. */
export interface EntryFacts {
  /** Texts that `KeyedLog.find` may be asked for; all of them are values of the line. */
  readonly terms: readonly string[];
  /** RFC 3339, the instant by which it is found. */
  readonly at: string;
}

/** Instants of the binding survive, `expiresAt` also as `null` = never and missing = not known. */
export const LEDGER_CODEC: EntryCodec<LedgerEntry> = {
  encode: (entry) => ({ ...entry }),
  decode: (fields) => {
    const entry = entryOf(fields);
    entry.binding = bindingOf(fields.binding);
    return entry as unknown as LedgerEntry;
  },
  facts: ({ at, state, binding }) => {
    if (typeof binding !== 'object' || binding === null) throw new LineError('the line has no binding');
    const { subscriptionId, a, b, x, y, extension, userData, createdAt } = binding as Record<string, unknown>;
    const texts = [subscriptionId, a, b, x, y, extension, userData, state === 'in-doubt' ? state : undefined];
    return { terms: texts.filter((text) => typeof text === 'string'), at: String(createdAt ?? at) };
  },
};

export const INVENTORY_CODEC: EntryCodec<InventoryEntry> = {
  encode: (entry) => ({ ...entry }),
  decode: (fields) => {
    const entry = entryOf(fields) as unknown as InventoryEntry;
    if (!Array.isArray(entry.origins)) throw new LineError('the line has no origins');
    return { ...entry, ...instantsOf(fields, ['statusAt', 'firstAt', 'askedAt']) };
  },
};

export const ARCHIVE_CODEC: EntryCodec<ArchiveEntry> = {
  encode: (entry) => ({ ...entry }),
  decode: (fields) => {
    const entry = entryOf(fields) as unknown as ArchiveEntry;
    if (typeof entry.file !== 'string') throw new LineError('the line names no file');
    return entry;
  },
};

export const RECORDING_NOTE_CODEC: EntryCodec<RecordingNote> = {
  encode: (entry) => ({ ...entry }),
  decode: (fields) => {
    const entry = entryOf(fields) as unknown as RecordingNote;
    if (typeof entry.state !== 'string') throw new LineError('the line has no state');
    return entry;
  },
};

/** The checksum vouches that the tool wrote the line: only what a careless hand could have built is checked. */
function entryOf(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  // To copy all fields takes a fraction of the time of copying all but one, and the line reader has left out the version already.
  const entry = fields.v === undefined ? { ...fields } : withoutVersion(fields);
  if (typeof entry.key !== 'string') throw new LineError('the line has no key');
  entry.at = instantOf(entry.at);
  return entry;
}

function withoutVersion({ v: _version, ...rest }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return rest;
}

/** Those of the instants that the line has. */
function instantsOf(fields: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, Date> {
  return Object.fromEntries(
    names.filter((name) => fields[name] !== undefined).map((name) => [name, instantOf(fields[name])]),
  );
}

function bindingOf(value: unknown): Binding {
  if (typeof value !== 'object' || value === null) throw new LineError('the line has no binding');
  const binding: Record<string, unknown> = { ...value };
  const { createdAt, expiresAt } = binding;
  if (createdAt !== undefined) binding.createdAt = instantOf(createdAt);
  if (expiresAt !== undefined && expiresAt !== null) binding.expiresAt = instantOf(expiresAt);
  return binding as unknown as Binding;
}
