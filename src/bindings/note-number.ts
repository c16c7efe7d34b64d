import { isXNumber } from '../domain/phone-number.js';
import type { Binding } from '../domain/binding.js';
import type { InventoryEntry, KeyedLog, NumberOrigin } from '../store/store.js';

/**
 * Enters the privacy numbers (X, and Y for AXYB) of `bindings` in the inventory, unless they are known from this `origin`
 * already. One write for all of them.
 * @throws AppError `disk-full` or `storage-…`.
 */
export async function noteNumbers(
  inventory: KeyedLog<InventoryEntry>,
  bindings: readonly Binding[],
  seen: { readonly origin: NumberOrigin; readonly at: Date },
): Promise<void> {
  const entries = new Map<string, InventoryEntry>();
  for (const binding of bindings) {
    for (const number of [binding.x, binding.y]) {
      if (number === undefined || !isXNumber(number) || entries.has(number)) continue;
      const entry = await inventory.get(number);
      const known = entry?.forgotten === true ? undefined : entry;
      if (known?.origins.includes(seen.origin) === true) continue;
      const origins = [...(known?.origins ?? []), seen.origin];
      const mode = known?.mode ?? binding.mode;
      entries.set(number, { firstAt: seen.at, ...known, key: number, at: seen.at, mode, origins });
    }
  }
  if (entries.size > 0) await inventory.append([...entries.values()]);
}
