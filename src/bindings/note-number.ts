import { isXNumber } from '../domain/phone-number.js';
import type { Binding } from '../domain/binding.js';
import type { Mode } from '../domain/mode.js';
import type { InventoryEntry, NumberOrigin } from '../store/inventory-entry.js';
import type { KeyedLog } from '../store/keyed-log.js';

/**
 * Enters the privacy numbers (X, and Y for AXYB) of `bindings` in the inventory, unless they are known from this `origin`
 * already. One look into the inventory and one write for all of them.
 * @throws AppError `disk-full` or `storage-…`.
 */
export async function noteNumbers(
  inventory: KeyedLog<InventoryEntry>,
  bindings: readonly Binding[],
  seen: { readonly origin: NumberOrigin; readonly at: Date },
): Promise<void> {
  const modes = new Map<string, Mode>();
  for (const { x, y, mode } of bindings) {
    for (const number of [x, y])
      if (number !== undefined && isXNumber(number) && !modes.has(number)) modes.set(number, mode);
  }
  if (modes.size === 0) return;
  const latest = await inventory.getAll(modes.keys());
  const entries: InventoryEntry[] = [];
  for (const [number, mode] of modes) {
    const entry = latest.get(number);
    const known = entry?.forgotten === true ? undefined : entry;
    if (known?.origins.includes(seen.origin) === true) continue;
    const origins = [...(known?.origins ?? []), seen.origin];
    entries.push({ firstAt: seen.at, ...known, key: number, at: seen.at, mode: known?.mode ?? mode, origins });
  }
  if (entries.length > 0) await inventory.append(entries);
}
