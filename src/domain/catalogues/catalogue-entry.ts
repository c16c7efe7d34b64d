import type { Mode } from '../mode.js';

/** One row of a catalogue. A text is missing where the documentation gives none. */
export interface CatalogueEntry {
  /** As text, also where the platform sends a number. */
  readonly code: string;
  /** The documentation's own grouping of hang-up causes. */
  readonly group?: string | undefined;
  readonly zh?: string | undefined;
  readonly en?: string | undefined;
  /** Modes in which the code occurs; missing = all. */
  readonly modes?: readonly Mode[] | undefined;
}

/** State of an X number, with what it means for bindings, calls and SMS. */
export interface NumberStatusEntry extends CatalogueEntry {
  readonly effectEn: string;
  readonly effectZh: string;
}

/** One result code. `message` is the platform's own English text, `meaningZh` what it means. */
export interface ResultCodeEntry {
  /** Missing where it is not documented. */
  readonly httpStatus?: number | undefined;
  readonly code: string;
  readonly message?: string | undefined;
  readonly meaningZh?: string | undefined;
  readonly remedyEn: string;
  readonly remedyZh: string;
  /** Missing = all. */
  readonly modes?: readonly Mode[] | undefined;
  /** Generation of the signature that the code belongs to; missing = both. */
  readonly generation?: 'AKSK' | 'WSSE' | undefined;
}
