import { randomUUID } from 'node:crypto';
import type { Binding } from '../domain/binding.js';

/**
 * Key of a binding in the ledger: mode and binding ID, for AXYB also Y, because A's X and every Y of it share one ID.
 * `axb:4f1c…`, `axyb:4f1c…`, `axyb:4f1c…:+8617000000302`.
 */
export function ledgerKey(binding: Pick<Binding, 'mode' | 'subscriptionId' | 'y'>): string {
  const key = `${binding.mode}:${binding.subscriptionId}`;
  return binding.mode === 'axyb' && binding.y !== undefined ? `${key}:${binding.y}` : key;
}

/** A key for a bind whose ID nobody knows, because its answer was lost. New with every call. */
export function buildDoubtKey(): string {
  return `in-doubt:${randomUUID()}`;
}
