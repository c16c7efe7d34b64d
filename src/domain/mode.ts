/**
 * The modes of the product. An application has one mode for good; an interface of another mode answers `1010040`.
 * `axyb` and `x` are legacy. Source: platform overview, privatenumber_api_02_0027 (2026-01-27).
 */
export const MODES = ['ax', 'axb', 'axe', 'axyb', 'x'] as const;
export type Mode = (typeof MODES)[number];

/** Modes in which the platform keeps bindings; in `x` mode the customer keeps them all. */
export const BINDING_MODES = ['ax', 'axb', 'axe', 'axyb'] as const satisfies readonly Mode[];
export type BindingMode = (typeof BINDING_MODES)[number];

/** Whether `text` names a mode. */
export function isMode(text: string): text is Mode {
  return (MODES as readonly string[]).includes(text);
}

/** Whether the platform keeps bindings in `mode`. */
export function isBindingMode(mode: string): mode is BindingMode {
  return (BINDING_MODES as readonly string[]).includes(mode);
}

/** The mode as people write it: `AXB`. */
export function formatMode(mode: Mode): string {
  return mode.toUpperCase();
}
