import { ContentHash } from '../content-hash.js';
import type { RecordHash } from '../record-hash.js';
import { CallScanner } from './call-scanner.js';

/** Hashes what the full parser read as the scanner hashes its rows, so that a CDR is known again whichever of them read it. */
export class RowHash implements RecordHash {
  high = 0;
  low = 0;
  readonly #texts = new ContentHash();
  #scanner: CallScanner | undefined;

  add(value: unknown): void {
    this.#scanner ??= new CallScanner();
    const hash =
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? this.#scanner.hash(canonicalText(value))
        : undefined;
    if (hash === undefined) this.#texts.add(value);
    ({ high: this.high, low: this.low } = hash ?? this.#texts);
  }
}

/** JSON without blanks, in which the fields of nested objects stand in one order. */
function canonicalText(value: object): string {
  const isFlat = Object.values(value).every((member) => typeof member !== 'object' || member === null);
  return JSON.stringify(isFlat ? value : sorted(value));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : Number(one > other)));
  return Object.fromEntries(entries.map(([name, member]) => [name, sorted(member)]));
}
