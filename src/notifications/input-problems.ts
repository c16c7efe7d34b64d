import {
  describeReason,
  EMPTY_FOLDER,
  EMPTY_INPUT,
  isNotUtf8,
  notUtf8,
  type ReadReason,
} from '../domain/read-reason.js';
import type { TextPair } from '../domain/text-pair.js';

/** Something that could not be read. Its text holds nothing of the content. */
export interface ReadProblem {
  readonly file: string;
  /** First line of what could not be read; 0 where no line is known. */
  readonly line: number;
  /** In English; most are a {@link ReadReason}. */
  readonly reason: string;
}

/** Whether it is told only that there is nothing to read, which is no failure. */
export function isEmptyInput({ reason }: ReadProblem): boolean {
  return reason === EMPTY_INPUT || reason === EMPTY_FOLDER;
}

/** Whether it is told that bytes of it are no UTF-8: it was read, and its text is garbled. */
export function isGarbledInput({ reason }: ReadProblem): boolean {
  return isNotUtf8(reason);
}

/** A problem as people are told of it: `calls.ndjson:17: not a notification`. */
export function formatProblem({ file, line, reason }: ReadProblem): TextPair {
  const place = line === 0 ? file : `${file}:${line}`;
  const { zh, en } = describeReason(reason);
  return { zh: `${place}：${zh}`, en: `${place}: ${en}` };
}

/**
 * Tells what could not be read of one input, and at its end, once, of lines that are no UTF-8. Where its bytes end in damage, the value that they cut is that damage and no second problem: it is told
 * once, with the line of the value.
 */
export class InputProblems {
  readonly #file: string;
  readonly #tell: (problem: ReadProblem) => void;
  #damage: ReadReason | undefined;
  /** The latest one behind the damage. */
  #held: ReadProblem | undefined;
  #garbledFrom: number | undefined;
  #garbledLast: number | undefined;
  #garbledCount = 0;

  constructor(file: string, tell: (problem: ReadProblem) => void) {
    this.#file = file;
    this.#tell = tell;
  }

  /** A value could not be read. */
  add(line: number, reason: ReadReason): void {
    const problem = { file: this.#file, line, reason };
    if (this.#damage === undefined) {
      this.#tell(problem);
      return;
    }
    if (this.#held !== undefined) this.#tell(this.#held);
    this.#held = problem;
  }

  /** A line, or a part of it, holds bytes that are no UTF-8. Lines come in their order. */
  addGarbled(line: number): void {
    this.#garbledFrom ??= line;
    if (line !== this.#garbledLast) this.#garbledCount += 1;
    this.#garbledLast = line;
  }

  /** The bytes could be read so far only. Values that were read by then may still be told of. */
  endInDamage(reason: ReadReason): void {
    this.#damage = reason;
  }

  /** Nothing comes any more, or nobody reads on: tells of the lines that are no UTF-8. */
  endGarbled(): void {
    const line = this.#garbledFrom;
    if (line !== undefined) this.#tell({ file: this.#file, line, reason: notUtf8(this.#garbledCount) });
  }

  /** Nothing comes any more. */
  end(): void {
    if (this.#damage !== undefined) this.#tell({ file: this.#file, line: this.#held?.line ?? 0, reason: this.#damage });
  }
}
