import { formatInstant } from '../domain/instant.js';
import { maskPhoneNumber, maskText } from '../domain/phone-number.js';
import { Told } from '../domain/text-pair.js';

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
  if (value instanceof Told) return plainData(value.in('en'), options, field);
  if (Array.isArray(value)) return value.map((one) => plainData(one, options, field));
  return typeof value === 'object' && value !== null ? plainMembers(value, options) : value;
}

function plainMembers(value: object, options: PlainOptions): object {
  const members = value as Readonly<Record<string, unknown>>;
  const plain: Record<string, unknown> = {};
  for (const key of inOrder(Object.keys(members))) {
    const member = members[key];
    if (member === undefined) continue;
    const data = plainData(member, options, key);
    // A member called __proto__ must stay a member.
    if (key === '__proto__') Object.defineProperty(plain, key, { value: data, enumerable: true });
    else plain[key] = data;
  }
  return plain;
}

/** `kind` first and `raw` last, so that people find what they look for. */
function inOrder(keys: string[]): string[] {
  const isInOrder = keys.lastIndexOf('kind') <= 0 && (!keys.includes('raw') || keys.at(-1) === 'raw');
  if (isInOrder) return keys;
  const rank = (key: string): number => (key === 'kind' ? 0 : key === 'raw' ? 2 : 1);
  return keys.sort((one, other) => rank(one) - rank(other));
}

/** The member of `data` at a dotted path such as `cause.code` or `items.0.x`; `undefined` when there is none. */
export function memberAt(data: unknown, path: string): unknown {
  if (!path.includes('.')) return ownMember(data, path);
  let current = data;
  for (const key of path.split('.')) current = ownMember(current, key);
  return current;
}

function ownMember(data: unknown, key: string): unknown {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, key)) return undefined;
  return (data as Record<string, unknown>)[key];
}

/** One cell of CSV or TSV: text as it is, nothing for nothing, objects as JSON. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return JSON.stringify(value);
}
