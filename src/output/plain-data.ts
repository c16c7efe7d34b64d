import { formatInstant } from '../domain/instant.js';
import { maskPhoneNumber, maskText } from '../domain/phone-number.js';

/** How data is turned into what JSON, NDJSON, CSV and TSV show. */
export interface PlainOptions {
  readonly zone: string;
  /** Hide the middle of every phone number. */
  readonly mask: boolean;
}

/** Own fields that hold one phone number. */
const NUMBER_FIELDS = new Set(['a', 'b', 'x', 'y', 'caller', 'callee', 'number', 'to']);

/**
 * Data as it leaves: instants become RFC 3339 in the chosen zone, `undefined` members are left out, byte strings become base64, and
 * numbers are masked where asked. Does not change what it is given.
 */
export function plainData(value: unknown, options: PlainOptions, field = ''): unknown {
  if (value instanceof Date) return formatInstant(value, options.zone);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'string') {
    if (!options.mask) return value;
    return NUMBER_FIELDS.has(field) ? maskPhoneNumber(value) : maskText(value);
  }
  if (Array.isArray(value)) return value.map((one) => plainData(one, options, field));
  if (typeof value === 'object' && value !== null) {
    const members = inOrder(Object.entries(value).filter(([, member]) => member !== undefined));
    // A member called __proto__ must stay a member.
    return Object.fromEntries(members.map(([key, member]) => [key, plainData(member, options, key)]));
  }
  return value;
}

/** `kind` first and `raw` last, so that people find what they look for. */
function inOrder(members: [string, unknown][]): [string, unknown][] {
  const rank = (key: string): number => (key === 'kind' ? 0 : key === 'raw' ? 2 : 1);
  return members.sort(([one], [other]) => rank(one) - rank(other));
}

/** The member of `data` at a dotted path such as `cause.code` or `items.0.x`; `undefined` when there is none. */
export function memberAt(data: unknown, path: string): unknown {
  let current = data;
  for (const key of path.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

/** One cell of CSV or TSV: text as it is, nothing for nothing, objects as JSON. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return JSON.stringify(value);
}
