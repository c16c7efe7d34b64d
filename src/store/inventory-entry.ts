import type { Mode } from '../domain/mode.js';

/** Where the tool learnt of an X number. */
export type NumberOrigin = 'import' | 'bind' | 'query' | 'cdr' | 'status';

/** One X number. */
export interface InventoryEntry {
  /** The number in global format. */
  readonly key: string;
  readonly at: Date;
  readonly mode?: Mode | undefined;
  readonly city?: string | undefined;
  readonly areaCode?: string | undefined;
  /** As the console or a status push says it. */
  readonly status?: string | undefined;
  /** Why it is in this state, where a status push said so. */
  readonly cause?: string | undefined;
  /** Since when it has been known to be in this state: the push, or the first import that said so. */
  readonly statusAt?: Date | undefined;
  readonly sms?: boolean | undefined;
  readonly origins: readonly NumberOrigin[];
  /** Further columns of the imported file, by heading. */
  readonly extra?: Readonly<Record<string, string>> | undefined;
  /** When it entered the inventory. */
  readonly firstAt?: Date | undefined;
  /** When the platform was last asked for all bindings on it. */
  readonly askedAt?: Date | undefined;
  /** How many bindings the platform then had. */
  readonly platformBindings?: number | undefined;
  /** A list no longer had it and a person agreed to forget it. It comes back when it is seen again. */
  readonly forgotten?: boolean | undefined;
}
