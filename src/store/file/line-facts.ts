import type { EntryCodec } from './entry-codecs.js';
import { LineError } from './sealed-line.js';

/** What an index needs to know of a line. */
export interface LineFacts {
  readonly key: string;
  /** What the line can be found by. */
  readonly terms: readonly string[];
  /** Its instant, in seconds since 1970. */
  readonly seconds: number;
}

/** Reads them from the fields of a line. @throws {LineError} when there is no key or no instant. */
export function factsOf(
  fields: Readonly<Record<string, unknown>>,
  facts: NonNullable<EntryCodec<unknown>['facts']>,
): LineFacts {
  const { terms, at } = facts(fields);
  const { key } = fields;
  if (typeof key !== 'string') throw new LineError('the line has no key');
  return { key, terms, seconds: secondsOf(at) };
}

function secondsOf(at: string): number {
  const milliseconds = Date.parse(at);
  if (Number.isNaN(milliseconds)) throw new LineError('the line has no valid instant');
  return milliseconds / 1000;
}
