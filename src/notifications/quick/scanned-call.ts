import { callDirection, callMode, type CallRecord, isUnbound, parseCallRecord } from '../../domain/call-record.js';
import { type CallVerdict, decideCall } from '../../domain/call-outcome.js';
import type { Mode } from '../../domain/mode.js';
import type { CallFacts } from '../call-facts.js';
import type { ReadItem } from '../read-item.js';
import type { CallScanner } from './call-scanner.js';

/** Columns of a row, in words of 32 bits; those of texts are followed by their length. As `wasm/scan-calls.ts` writes them. */
const COLUMN = {
  start: 0,
  length: 1,
  low: 2,
  high: 3,
  started: 4,
  ringing: 5,
  answered: 6,
  ended: 7,
  failed: 8,
  release: 9,
  q850: 10,
  direction: 11,
  service: 12,
  flags: 13,
  x: 14,
  dialled: 16,
  caller: 18,
  callee: 20,
  session: 22,
  area: 24,
} as const;

const FLAG = { bindingField: 1, binding: 2, extended: 4, recorded: 8, key: 16, blocked: 32 } as const;

/** What stands where there is no time. */
const NONE = -0x8000_0000;

const verdicts = new Map<number, CallVerdict>();

/**
 * A call as the scanner left it, its fields read when they are asked for. Stands only until the next batch of its reader is asked for: what is to be
 * kept must be copied, or read whole by {@link toItem}. All members mean what those of {@link CallRecord} mean.
 */
export class ScannedCall implements CallFacts {
  readonly atMs: number | undefined;
  readonly ringSeconds: number | undefined;
  readonly talkSeconds: number | undefined;
  readonly file: string;
  readonly line: number;
  readonly #scanner: CallScanner;
  readonly #row: number;
  #known: CallVerdict | undefined;

  constructor(scanner: CallScanner, row: number, place: { readonly file: string; readonly line: number }) {
    this.#scanner = scanner;
    this.#row = scanner.rows + row * scanner.rowWords;
    this.file = place.file;
    this.line = place.line;
    const { words } = scanner;
    const at = this.#row;
    const ringing = words[at + COLUMN.ringing] ?? NONE;
    const answered = words[at + COLUMN.answered] ?? NONE;
    const ended = endOf(words, at);
    const first = firstTime(words, at);
    this.atMs = first === NONE ? undefined : first * 1000;
    const rangUntil = answered === NONE ? ended : answered;
    this.ringSeconds = ringing === NONE || rangUntil === NONE ? undefined : Math.max(0, rangUntil - ringing);
    this.talkSeconds = ended === NONE ? undefined : answered === NONE ? 0 : Math.max(0, ended - answered);
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
    const service = this.#word(COLUMN.service);
    return callMode({
      blocked: this.#has(FLAG.blocked),
      extended: this.#has(FLAG.extended),
      service: service < 0 ? undefined : String(service),
    });
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
    return { record, file: this.file, line: this.line, receivedAt: undefined };
  }

  get #verdict(): CallVerdict {
    this.#known ??= this.#judge();
    return this.#known;
  }

  #judge(): CallVerdict {
    const release = this.#word(COLUMN.release);
    const q850 = this.#word(COLUMN.q850);
    const answered = this.#word(COLUMN.answered) !== NONE;
    const unbound = this.#isUnbound();
    // A code has nine digits at most: the number is exact up to here.
    const key = (release + 1) * 4096 + (q850 + 1) * 4 + (answered ? 2 : 0) + (unbound ? 1 : 0);
    let verdict = q850 < 1000 ? verdicts.get(key) : undefined;
    if (verdict === undefined) {
      verdict = decideCall({ answered, release: codeText(release), q850: codeText(q850), unbound });
      if (q850 < 1000 && verdicts.size < 10_000) verdicts.set(key, verdict);
    }
    return verdict;
  }

  #isUnbound(): boolean {
    if (this.#has(FLAG.binding)) return false;
    return isUnbound({
      bindingId: this.#has(FLAG.bindingField) ? 'empty' : 'absent',
      mode: this.mode,
      direction: this.direction,
      rang: this.#word(COLUMN.ringing) !== NONE,
    });
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

function codeText(code: number): string | undefined {
  return code < 0 ? undefined : String(code);
}

/** End of the call; that of an unanswered one without `callEndTime` is its `failTime`. */
function endOf(words: Int32Array, at: number): number {
  const ended = words[at + COLUMN.ended] ?? NONE;
  if (ended !== NONE || words[at + COLUMN.answered] !== NONE) return ended;
  return words[at + COLUMN.failed] ?? NONE;
}

/** The time by which a call is sorted and counted, see `recordTime`. */
function firstTime(words: Int32Array, at: number): number {
  for (const column of [COLUMN.started, COLUMN.ringing, COLUMN.answered]) {
    const time = words[at + column] ?? NONE;
    if (time !== NONE) return time;
  }
  return endOf(words, at);
}
