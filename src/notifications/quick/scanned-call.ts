import { callDirection, type CallRecord, parseCallRecord } from '../../domain/call-record.js';
import type { CallVerdict } from '../../domain/call-outcome.js';
import type { Mode } from '../../domain/mode.js';
import type { CallFacts } from '../call-facts.js';
import type { ReadItem, RecordPlace } from '../read-item.js';
import { COLUMN, FACT, FACT_WORDS, FLAG, NO_TIME } from './call-columns.js';
import type { CallScanner } from './call-scanner.js';
import { modeOf, RowVerdicts } from './row-verdicts.js';

/** What a call was read from. */
export interface ScannedInput {
  /** @param row its number as the scanner counts. */
  placeOf(row: number): RecordPlace;
}

const verdicts = new RowVerdicts((verdict) => verdict);

/**
 * A call as the scanner left it, its fields read when they are asked for. Stands only until the next batch of its reader is asked for: what is to be
 * kept must be copied, or read whole by {@link toItem}. All members mean what those of {@link CallRecord} mean.
 */
export class ScannedCall implements CallFacts {
  readonly atMs: number | undefined;
  readonly ringSeconds: number | undefined;
  readonly talkSeconds: number | undefined;
  readonly #scanner: CallScanner;
  readonly #number: number;
  /** First word of its row. */
  readonly #row: number;
  readonly #input: ScannedInput;
  #known: CallVerdict | undefined;

  /** @param row its number as the scanner counts. */
  constructor(scanner: CallScanner, row: number, input: ScannedInput) {
    this.#scanner = scanner;
    this.#number = row;
    this.#row = scanner.rows + row * scanner.rowWords;
    this.#input = input;
    const fact = (column: number): number => scanner.words[scanner.facts + row * FACT_WORDS + column] ?? 0;
    const first = fact(FACT.first);
    const ring = fact(FACT.ring);
    const talk = fact(FACT.talk);
    this.atMs = first === NO_TIME ? undefined : first * 1000;
    this.ringSeconds = ring < 0 ? undefined : ring;
    this.talkSeconds = talk < 0 ? undefined : talk;
  }

  get billedMinutes(): number | undefined {
    return this.talkSeconds === undefined ? undefined : Math.ceil(this.talkSeconds / 60);
  }

  get outcome(): CallRecord['outcome'] {
    return this.#verdict.outcome;
  }

  get cause(): CallRecord['cause'] {
    return this.#verdict.cause;
  }

  get mode(): Mode | undefined {
    return modeOf(this.#scanner.words, this.#row);
  }

  get direction(): CallRecord['direction'] {
    const code = this.#word(COLUMN.direction);
    return code < 0 ? undefined : callDirection(String(code));
  }

  get recorded(): boolean {
    return this.#has(FLAG.recorded);
  }

  get x(): string | undefined {
    return this.#text(COLUMN.x) ?? this.#text(COLUMN.dialled);
  }

  get caller(): string | undefined {
    return this.#text(COLUMN.caller);
  }

  get callee(): string | undefined {
    return this.#text(COLUMN.callee);
  }

  get sessionId(): string | undefined {
    return this.#text(COLUMN.session);
  }

  get areaCode(): string | undefined {
    return this.#text(COLUMN.area);
  }

  /** Whether something tells it from other calls. */
  get hasKey(): boolean {
    return this.#has(FLAG.key);
  }

  /** Hash of its content: the same whatever the order of its fields, see {@link CallScanner.hash}. */
  get high(): number {
    return this.#word(COLUMN.high);
  }

  get low(): number {
    return this.#word(COLUMN.low);
  }

  /** The whole record, which may be kept. */
  toItem(): ReadItem {
    const start = this.#word(COLUMN.start);
    const text = this.#scanner.bytes.toString('utf8', start, start + this.#word(COLUMN.length));
    const record = parseCallRecord(JSON.parse(text) as Record<string, unknown>);
    const { file, line, receivedAt } = this.#input.placeOf(this.#number);
    return { record, file, line, receivedAt };
  }

  get #verdict(): CallVerdict {
    this.#known ??= verdicts.of(this.#scanner.words, this.#row);
    return this.#known;
  }

  #word(column: number): number {
    return this.#scanner.words[this.#row + column] ?? 0;
  }

  #has(flag: number): boolean {
    return (this.#word(COLUMN.flags) & flag) !== 0;
  }

  #text(column: number): string | undefined {
    const length = this.#word(column + 1);
    if (length === 0) return undefined;
    const start = this.#word(column);
    return this.#scanner.bytes.toString('utf8', start, start + length);
  }
}
