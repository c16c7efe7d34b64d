import type { BindingMode } from '../../domain/mode.js';
import type { Values } from '../../platform/declarations/declaration.js';

/**
 * The keys under which a binding of these numbers is held, or looked for; the one that fewest share comes first: an X may carry thousands, a pair on an X
 * is one.
 */
export function bindingKeys(mode: BindingMode, { id, a, b, x, extension }: Values): string[] {
  const keys: string[] = [];
  if (id !== undefined) keys.push(`i ${String(id)}`);
  if (mode === 'axe' && x !== undefined && extension !== undefined) keys.push(`e ${String(x)} ${String(extension)}`);
  if (mode === 'ax' && x !== undefined) keys.push(`x ${String(x)}`);
  if (mode === 'axb' && x !== undefined) {
    if (a !== undefined) keys.push(userKey(x, a));
    if (b !== undefined) keys.push(userKey(x, b));
  }
  if (a !== undefined) keys.push(`a ${String(a)}`);
  if (b !== undefined) keys.push(`b ${String(b)}`);
  return keys;
}

/** The keys of the bindings that make the platform refuse a bind with this X. */
export function blockingKeys(mode: BindingMode, { a, b, x, extension }: Values): string[] {
  if (x === undefined) return [];
  if (mode === 'axb') return [a, b].flatMap((user) => (user === undefined ? [] : [userKey(x, user)]));
  return bindingKeys(mode, { x, extension });
}

/** An X whose active bindings are counted. */
export function countKey(x: string): string {
  return `n ${x}`;
}

function userKey(x: Values[string], user: Values[string]): string {
  return `u ${String(x)} ${String(user)}`;
}
