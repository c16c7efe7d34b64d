import type { Binding } from '../domain/binding.js';
import type { BindingMode } from '../domain/mode.js';
import type { Values } from '../platform/declarations/declaration.js';

/** How the platform can be asked for the binding that a bind request describes. */
export interface BindingQuestion {
  /** Values for `Platform.query`. */
  readonly values: Values;
  /** Whether at most one binding can answer it: none found then means that there is none. */
  readonly exact: boolean;
}

/**
 * The question that finds what a bind with these values would have made.
 * @returns `undefined` when the interfaces offer none: AXB without X, AXE without X, AXYB without a binding ID.
 * Source: query interfaces, privatenumber_02_0005, 0014, 0024, 0027, privatenumber_axyb_0019 (read 2026-07).
 */
export function questionFor(mode: BindingMode, values: Values): BindingQuestion | undefined {
  const { a, b, x, extension, id } = values;
  switch (mode) {
    case 'axb':
      return x === undefined ? undefined : { values: { x, a, b }, exact: true };
    case 'ax':
      if (x !== undefined) return { values: { x }, exact: true };
      return a === undefined ? undefined : { values: { a }, exact: false };
    case 'axe':
      if (x === undefined) return undefined;
      return extension === undefined ? { values: { x }, exact: false } : { values: { x, extension }, exact: true };
    case 'axyb':
      return id === undefined ? undefined : { values: { id }, exact: true };
  }
}

/** Whether `binding` relates the numbers that the request names; what the request leaves open may be anything. */
export function isSameBinding(
  values: Values,
  binding: Pick<Binding, 'mode' | 'subscriptionId' | 'a' | 'b' | 'x' | 'y' | 'extension'>,
): boolean {
  if (binding.mode === 'axyb' && values.id !== undefined) {
    return binding.subscriptionId === values.id && binding.b !== undefined && binding.b === values.b;
  }
  return (['a', 'b', 'x', 'y', 'extension'] as const).every(
    (name) => values[name] === undefined || binding[name] === values[name],
  );
}
