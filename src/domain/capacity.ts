import type { Mode } from './mode.js';

/** Bindings that one X takes at most: pairs (AXB), one A (AX). Source: privatenumber_02_0001, pn_faq (read 2026-07). */
export const CAPACITY: Readonly<Partial<Record<Mode, number>>> = { axb: 5000, ax: 1 };

/**
 * Bindings that an X takes at most. AXE takes as many as its extensions have digits for: 9, 99, 999 or 9999.
 * @param extensionDigits length of the longest extension seen on the X.
 * @returns `undefined` where it is not documented or not known.
 */
export function capacityOf(mode: Mode | undefined, extensionDigits: number | undefined): number | undefined {
  if (mode === undefined) return undefined;
  if (mode !== 'axe') return CAPACITY[mode];
  return extensionDigits === undefined || extensionDigits < 1 ? undefined : 10 ** Math.min(extensionDigits, 4) - 1;
}
