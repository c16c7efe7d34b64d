import { bindingDeclarations } from '../platform/declarations/all.js';
import type { Binding, BindingDirection } from '../domain/binding.js';
import type { Values } from '../platform/declarations/declaration.js';

const DIRECTIONS: readonly string[] = ['both', 'a-to-b', 'b-to-a'] satisfies BindingDirection[];

/** What a request says of a binding: only the fields it names. */
type Requested = Pick<Binding, 'a' | 'b' | 'x' | 'y' | 'extension' | 'direction' | 'recording' | 'sms' | 'userData'>;

function requested(values: Values): Requested {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const truth = (name: string): boolean | undefined => {
    const value = values[name];
    return typeof value === 'boolean' ? value : undefined;
  };
  const direction = text('direction');
  return {
    a: text('a'),
    b: text('b'),
    x: text('x'),
    y: text('y'),
    extension: text('extension'),
    direction: direction !== undefined && DIRECTIONS.includes(direction) ? (direction as BindingDirection) : undefined,
    recording: truth('record'),
    sms: truth('sms'),
    userData: text('userData'),
  };
}

function withoutUndefined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** `expiresAt` that follows from a time to live in seconds counted from `now`; `null` = never, `undefined` = not said. */
export function expiryOf(ttl: Values[string], now: Date): Date | null | undefined {
  if (typeof ttl !== 'number') return undefined;
  return ttl === 0 ? null : new Date(now.getTime() + ttl * 1000);
}

/** End of life of a binding made at `now`; what the request leaves out is the platform's default. */
function expiryOfBind(mode: Binding['mode'], values: Values, now: Date): Date | null | undefined {
  // A Y of AXYB lives as long as its A and X unless it has a life of its own.
  if (mode === 'axyb' && values.id !== undefined) return expiryOf(values.ybTtl, now) ?? undefined;
  const ttl = bindingDeclarations(mode).bind.parameters.find((parameter) => parameter.name === 'ttl');
  return ttl === undefined ? null : expiryOf(values.ttl ?? ttl.default, now);
}

/** `binding` with the gaps of a short answer filled from the request that made it; what the answer says is kept. */
export function completeBinding(binding: Binding, values: Values, now: Date): Binding {
  return {
    ...withoutUndefined({ ...requested(values), createdAt: now, expiresAt: expiryOfBind(binding.mode, values, now) }),
    ...(withoutUndefined(binding) as Binding),
  };
}

/** `binding` after an update that the platform took: what the request names is replaced, a new time to live starts at `now`. */
export function changedBinding(binding: Binding, values: Values, now: Date): Binding {
  return { ...binding, ...withoutUndefined({ ...requested(values), expiresAt: expiryOf(values.ttl, now) }) };
}

/** The request as a binding that has no ID yet, for a ledger line in doubt. */
export function intendedBinding(mode: Binding['mode'], values: Values): Binding {
  const id = values.id;
  return {
    kind: 'Binding',
    mode,
    subscriptionId: typeof id === 'string' ? id : '',
    ...withoutUndefined(requested(values)),
  };
}
