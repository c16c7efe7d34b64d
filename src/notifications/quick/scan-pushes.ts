import type { ReadItem, RecordPlace } from '../read-item.js';
import { FACT, FACT_WORDS, NO_TIME } from './call-columns.js';
import { CallRows } from './call-rows.js';
import { CallScanner } from './call-scanner.js';
import type { FoundPart } from './found-part.js';
import type { KeptPush, PushBatch } from './push-batch.js';

/** Reads all records of a push; it reports what cannot be read. */
export type ParsePush<P> = (push: P) => readonly ReadItem[];

const LINE_FEED = 0x0a;

/**
 * Reads pushes: the CDRs that the scanner understands as {@link CallRows}, all others by `parse`, in the order in which they came. What each batch holds
 * stands until the next one is asked for.
 */
export class PushScanner<P extends KeptPush> {
  readonly #scanner = new CallScanner();
  readonly #parse: ParsePush<P>;

  constructor(parse: ParsePush<P>) {
    this.#parse = parse;
  }

  /** Reads a {@link PushBatch}. */
  *read({ pushes, lines }: PushBatch<P>): Generator<readonly FoundPart[]> {
    const { input } = this.#scanner;
    let end = 0;
    for (const { bytes } of lines) {
      input.set(bytes, end);
      end += bytes.length;
      input[end++] = LINE_FEED;
    }
    // Index among all of the first push that is not read yet, and among the lines of the first that is not scanned.
    let [next, scanned] = [0, 0];
    for (let at = 0; at < end;) {
      const { count, next: stop } = this.#scanner.scan(at, end);
      if (count === 0) break;
      const found: FoundPart[] = [];
      next = this.#take(pushes, { next, lines: lines.slice(scanned, scanned + count) }, found);
      if (found.length > 0) yield found;
      scanned += count;
      at = stop;
    }
    const rest = pushes.slice(next).flatMap(this.#parse);
    if (rest.length > 0) yield rest;
  }

  /** Takes pushes up to the last of the lines that were just scanned. @returns where the next one stands. */
  #take(
    pushes: readonly P[],
    { next, lines }: { readonly next: number; readonly lines: readonly P[] },
    found: FoundPart[],
  ): number {
    let at = next;
    for (let line = 0; line < lines.length;) {
      const firstLine = line;
      for (; line < lines.length && pushes[at] === lines[line] && this.#isUnderstood(line); line++) at++;
      if (line > firstLine) {
        found.push(this.#rowsOf(firstLine, line - firstLine, lines));
        continue;
      }
      const push = pushes[at++];
      if (push === undefined) return at;
      for (const part of this.#parse(push)) found.push(part);
      if (push === lines[line]) line++;
    }
    return at;
  }

  /** A call without times of its own has that of its arrival, which the scanner does not know. */
  #isUnderstood(line: number): boolean {
    const scanner = this.#scanner;
    if (!scanner.isUnderstood(line)) return false;
    const { firstRow, rowCount } = scanner.line(line);
    for (let row = firstRow; row < firstRow + rowCount; row++)
      if (scanner.words[scanner.facts + row * FACT_WORDS + FACT.first] === NO_TIME) return false;
    return true;
  }

  #rowsOf(firstLine: number, lineCount: number, lines: readonly P[]): CallRows {
    const placeOf = (line: number): RecordPlace => ({
      file: lines[line]?.id ?? '',
      line: 1,
      receivedAt: lines[line]?.at,
    });
    return CallRows.ofLines({ scanner: this.#scanner, placeOf, firstLine, lineCount });
  }
}
