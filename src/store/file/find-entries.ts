import { findLines } from './find-lines.js';
import type { IndexedPart, IndexQuery } from './indexed-part.js';
import type { LogPart } from './log-index.js';
import { LineError } from './sealed-line.js';

/** Where to look, and for what. */
export interface FindWork<T extends { readonly key: string }> {
  readonly log: LogPart;
  /** The part that the index covers; `undefined` without an index. */
  readonly part: IndexedPart<T> | undefined;
  readonly query: IndexQuery;
  readonly decode: (bytes: Buffer) => T | LineError | undefined;
  /** Without terms what is not indexed is looked through up to so many bytes. */
  readonly mostBytes: number;
}

/** An entry, or the line of the indexed part that holds it. */
type Found<T> = { readonly place: number } & ({ readonly entry: T } | { readonly line: number });

/**
 * Latest entries that may fit, by the index and by looking through what it does not cover: those whose keys the index knows in the order of
 * their first appearance, the others behind them as they were found.
 * @returns entries, or lines (from 0) of the indexed part; `undefined` when it is better, or necessary, to look at all entries.
 * @throws {PageError} when the index is damaged; the error of the file system.
 */
export async function findEntries<T extends { readonly key: string }>(
  work: FindWork<T>,
): Promise<readonly (T | number)[] | undefined> {
  const { log, part, query, decode } = work;
  const start = part?.index.head.covered ?? 0;
  if (query.terms.length === 0 && (part === undefined || log.size - start > work.mostBytes)) return undefined;
  const indexed = part === undefined ? new Map<string, never>() : part.find(query);
  if (indexed === undefined) return undefined;
  const texts = query.terms.map((term) => JSON.stringify(term));
  const behind = await findLines({ fd: log.fd, start, end: log.size }, { texts, keys: indexed.keys() });
  const found: Found<T>[] = [];
  for (const [key, bytes] of behind) {
    const entry = decode(bytes);
    // A damaged line says nothing and the one before it counts: then the log is read whole.
    if (entry === undefined || entry instanceof LineError) return undefined;
    const place = part?.get(key) === undefined ? undefined : part.placeOf(key)?.place;
    found.push({ place: place ?? Number.MAX_SAFE_INTEGER, entry });
  }
  for (const [key, { place, line }] of indexed) if (!behind.has(key)) found.push({ place, line });
  // A stable sort: new keys stay in their order.
  found.sort((one, other) => one.place - other.place);
  return found.map((one) => ('entry' in one ? one.entry : one.line));
}
