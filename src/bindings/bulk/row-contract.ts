import type { Binding } from '../../domain/binding.js';
import type { BindingMode } from '../../domain/mode.js';
import type { Words } from '../../domain/text-pair.js';
import type { Values } from '../../platform/declarations/declaration.js';
import type { RowLine } from '../../store/jobs.js';
import type { IfExists } from '../bind-number.js';
import type { Bookkeeping } from '../bookkeeping.js';
import type { LedgerIndex } from './ledger-index.js';
import type { BulkOperation } from './operations.js';

/** How a row ended, as far as its line tells it. */
export type RowEnd = Pick<RowLine, 'state' | 'id' | 'x' | 'y' | 'extension' | 'message' | 'messageZh'>;

/** What is known of a row whose request left and whose outcome was not written. `send`: it certainly was not done, or doing it again changes nothing. */
export type Settled =
  | { readonly kind: 'end'; readonly end: RowEnd }
  | { readonly kind: 'send' }
  | { readonly kind: 'doubt'; readonly why: Words };

/** The work of one job's rows. */
export interface RowWork {
  /**
   * The binding that the row's request is about, fixed and noted before it leaves; not there where requests name it themselves.
   * @throws AppError `binding-not-found`, or of the platform where it must be asked.
   */
  target?(values: Values): Promise<string | undefined>;
  /** @param again whether a request of this row has left before. @param id what `target` fixed. @throws AppError as the single commands do. */
  send(values: Values, again: boolean, id: string | undefined): Promise<RowEnd>;
  /** Asks what became of a request. @param sentAt when it left. @param id what `target` had fixed for it. */
  settle(values: Values, sentAt: Date, id: string | undefined): Promise<Settled>;
  /** Whether the platform itself refuses to do the row a second time, or doing it twice is the same as once. */
  isRepeatable(values: Values): boolean;
}

/** What {@link buildRowWork} needs. */
export interface RowWorkParts {
  readonly books: Bookkeeping;
  /** The ledger as it was when the run began; of the rows of the job. */
  readonly index: LedgerIndex;
  readonly operation: BulkOperation;
  readonly mode: BindingMode;
  readonly ifExists: IfExists;
  readonly ignoreMissing: boolean;
  /** Resolves when a further question may be asked. */
  readonly turn: () => Promise<void>;
}

/** The end of a row whose binding is known. */
export function endOf(
  { subscriptionId: id, x, y, extension }: Pick<Binding, 'subscriptionId' | 'x' | 'y' | 'extension'>,
  state: RowEnd['state'],
): RowEnd {
  return { state, id, x, y, extension };
}

/** A value that is a text. */
export function textOf(value: Values[string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
