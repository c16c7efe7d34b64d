import { callDirection, callMode, isUnbound } from '../../domain/call-record.js';
import { type CallVerdict, decideCall } from '../../domain/call-outcome.js';
import type { Mode } from '../../domain/mode.js';
import { COLUMN, FLAG, NO_TIME } from './call-columns.js';

/** Places for what was decided last; a power of two. */
const PLACES = 1024;

/** Decides how the calls of rows ended; calls that ended alike get one and the same thing, made once in a while. */
export class RowVerdicts<T> {
  readonly #make: (verdict: CallVerdict) => T;
  /** Of each place: release point, Q.850 cause, what else decides. */
  readonly #keys = new Int32Array(PLACES * 3).fill(-3);
  readonly #made: T[] = [];

  /** @param make what is handed out for a verdict. */
  constructor(make: (verdict: CallVerdict) => T) {
    this.#make = make;
    const nothing = make(decideCall({ answered: false, release: undefined, q850: undefined, unbound: false }));
    for (let place = 0; place < PLACES; place++) this.#made.push(nothing);
  }

  /** What stands for the row whose first word is at `at`. */
  of(words: Int32Array, at: number): T {
    const release = words[at + COLUMN.release] ?? -1;
    const q850 = words[at + COLUMN.q850] ?? -1;
    const answered = words[at + COLUMN.answered] !== NO_TIME;
    const signs = (answered ? 2 : 0) + (isRowUnbound(words, at) ? 1 : 0);
    const keys = this.#keys;
    const place =
      (Math.imul(release, 0x9e37_79b1) + Math.imul(q850, 0x85eb_ca6b) + Math.imul(signs, 0x27d4_eb2f)) >>> 22;
    const key = place * 3;
    if (keys[key] !== release || keys[key + 1] !== q850 || keys[key + 2] !== signs) {
      keys[key] = release;
      keys[key + 1] = q850;
      keys[key + 2] = signs;
      const end = { answered, release: codeText(release), q850: codeText(q850), unbound: (signs & 1) === 1 };
      this.#made[place] = this.#make(decideCall(end));
    }
    // A place is filled when its keys are.
    return this.#made[place] as T;
  }
}

function codeText(code: number): string | undefined {
  return code < 0 ? undefined : String(code);
}

function isRowUnbound(words: Int32Array, at: number): boolean {
  const flags = words[at + COLUMN.flags] ?? 0;
  if ((flags & FLAG.binding) !== 0) return false;
  const direction = words[at + COLUMN.direction] ?? -1;
  return isUnbound({
    bindingId: (flags & FLAG.bindingField) !== 0 ? 'empty' : 'absent',
    mode: modeOf(words, at),
    direction: direction < 0 ? undefined : callDirection(String(direction)),
    rang: words[at + COLUMN.ringing] !== NO_TIME,
  });
}

/** By the service code, which has three digits at most. */
const modes = new Map<number, Mode | undefined>();

/** The mode of the row whose first word is at `at`. */
export function modeOf(words: Int32Array, at: number): Mode | undefined {
  const flags = words[at + COLUMN.flags] ?? 0;
  const blocked = (flags & FLAG.blocked) !== 0;
  const extended = (flags & FLAG.extended) !== 0;
  const service = words[at + COLUMN.service] ?? -1;
  const key = service * 4 + (blocked ? 2 : 0) + (extended ? 1 : 0);
  let mode = modes.get(key);
  if (mode === undefined && !modes.has(key)) {
    mode = callMode({ blocked, extended, service: service < 0 ? undefined : String(service) });
    modes.set(key, mode);
  }
  return mode;
}
