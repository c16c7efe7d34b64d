import { columnParameters } from './bulk/operations.js';
import { knownSettings } from './known-settings.js';
import type { BindingMode } from '../domain/mode.js';
import type { Values } from '../platform/declarations/declaration.js';
import type { LedgerEntry } from '../store/ledger-entry.js';

/** Columns of an export of `mode`: those of `bind --file`, then the binding ID, which `unbind --file` and `update --file` take. */
export function exportColumns(mode: BindingMode): readonly string[] {
  const names = columnParameters('bind', mode).map(({ name }) => name);
  return names.includes('id') ? names : [...names, 'id'];
}

/**
 * The bind that would make the binding anew, by own names: what its request and the updates since have asked for, as far as the ledger knows it, with the
 * numbers as they are now. `ttl` is what is left of its life in seconds at `now`; left out where it is not known, 0 where it never ends.
 */
export function exportRow(entry: LedgerEntry, now: Date): Values {
  const { binding } = entry;
  const { expiresAt } = binding;
  const left =
    expiresAt instanceof Date ? Math.max(1, Math.ceil((expiresAt.getTime() - now.getTime()) / 1000)) : undefined;
  const { area: _area, areaMatch: _match, ...request } = knownSettings(entry) ?? {};
  const second = binding.mode === 'axyb' && binding.y !== undefined;
  const told: Values = {
    a: second ? undefined : binding.a,
    b: binding.b,
    x: binding.x,
    extension: binding.extension,
    direction: binding.direction,
    record: binding.recording,
    sms: binding.sms,
    userData: binding.userData,
    ttl: expiresAt === null ? 0 : left,
    // Of AXYB a bind with an ID is the second step: the first one has none yet.
    id: binding.mode === 'axyb' && !second ? undefined : binding.subscriptionId,
  };
  const known = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
  return { ...request, ...known };
}
