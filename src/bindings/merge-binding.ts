import type { Binding } from '../domain/binding.js';

/**
 * What a fresh look shows, completed by what the ledger knows: a field that the platform does not tell (the times, above all) keeps
 * its known value.
 */
export function mergeBinding(known: Binding | undefined, fresh: Binding): Binding {
  const { kind, mode, subscriptionId } = fresh;
  const told = Object.fromEntries(Object.entries(fresh).filter(([, value]) => value !== undefined));
  return { ...known, ...told, kind, mode, subscriptionId };
}
