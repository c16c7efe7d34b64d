import type { RowFacts } from './call-rows.js';
import { FACT_WORDS } from './call-columns.js';
import { COUNTER_BINARY } from './counter-binary.js';

/** Pages of 64 KiB to begin with; the layout is in `wasm/count-calls.ts`. */
const PAGES = 96;
/** 1 GiB. */
const MAX_PAGES = 16_384;

type Constant =
  | 'MAX_CALLS'
  | 'FACTS'
  | 'TEXTS'
  | 'MARKS'
  | 'LEFT'
  | 'HOURS'
  | 'HOURS_BEFORE'
  | 'NEEDS_OFFSET'
  | 'NEEDS_ENDING'
  | 'NEEDS_GROUP'
  | 'GROUP_BYTES'
  | 'GROUP_NUMBER'
  | 'GROUP_FIGURES'
  | 'LENGTH_BYTES';
type Variable =
  'need' | 'left' | 'hours' | 'groupsAt' | 'groupSlots' | 'lengthsAt' | 'lengthSlots' | 'earliest' | 'latest';

const HOUR_SECONDS = 3600;

interface Exports extends Readonly<Record<Constant | Variable, WebAssembly.Global>> {
  begin(low: number, high: number, x: boolean, area: boolean): number;
  addOffset(time: number, minutes: number, ofDay: boolean): void;
  addEnding(low: number, cause: number, answered: boolean): void;
  addGroup(): number;
  count(from: number, to: number): number;
}

/** By what calls are grouped; of the other keys the bits that count, as in `wasm/count-calls.ts`. */
export interface CountedBy {
  readonly low: number;
  readonly high: number;
  readonly x: boolean;
  readonly area: boolean;
}

/** What {@link CallCounter} cannot know. Calls are numbered from 0 within what {@link CallCounter.count} was given. */
export interface CounterHost {
  /** What the clock of the zone adds at a time (seconds since 1970), in minutes, and whether it does so on the whole UTC day. */
  offset(time: number): { readonly minutes: number; readonly ofDay: boolean };
  /** How a call ended: outcome and mode (4 bits each, from bit 0 on), number of its cause. */
  ending(call: number): { readonly bits: number; readonly cause: number; readonly answered: boolean };
  /** A group is met for the first time, with this call; groups are numbered from 0. @param hours as of `localHours`. */
  group(call: number, hours: number | undefined): void;
  /** A call that has to be counted by other means. */
  left(call: number): void;
}

/** What was counted of one group. */
export interface CountedGroup {
  readonly group: number;
  readonly calls: number;
  readonly answered: number;
  readonly talkSeconds: number;
  readonly billedMinutes: number;
}

/** How often a ring or a talk took so many seconds. */
export interface CountedLength {
  readonly group: number;
  readonly seconds: number;
  readonly isTalk: boolean;
  readonly count: number;
}

/** Calls of one hour on the walls of the zone. */
export interface CountedHour {
  /** As of `localHours`. */
  readonly hours: number;
  readonly calls: number;
  readonly answered: number;
}

let compiled: WebAssembly.Module | undefined;

/** Counts calls from what the scanner left of each, in WebAssembly: a group is a place in a table of numbers, and what a number means the host knows. */
export class CallCounter {
  readonly #memory = new WebAssembly.Memory({ initial: PAGES, maximum: MAX_PAGES });
  readonly #exports: Exports;
  readonly #by: CountedBy;
  readonly #host: CounterHost;

  constructor(by: CountedBy, host: CounterHost) {
    compiled ??= new WebAssembly.Module(Buffer.from(COUNTER_BINARY, 'base64'));
    this.#exports = new WebAssembly.Instance(compiled, { env: { memory: this.#memory } }).exports as unknown as Exports;
    this.#by = by;
    this.#host = host;
    if (this.#exports.begin(by.low, by.high, by.x, by.area) === 0) throw tooMuch();
  }

  /** How many calls {@link count} takes. */
  get mostAtOnce(): number {
    return this.#exports.MAX_CALLS.value;
  }

  /**
   * Counts calls.
   * @param calls what `CallRows` says of them; without `marks` all of them are counted.
   * @throws {RangeError} when there is no memory.
   */
  count({ facts, texts, marks }: RowFacts): void {
    const { FACTS, TEXTS, MARKS, LEFT, left } = this.#exports;
    const calls = facts.length / FACT_WORDS;
    this.#words(FACTS, facts.length).set(facts);
    if (this.#by.x || this.#by.area) this.#words(TEXTS, texts.length).set(texts);
    const marked = new Uint8Array(this.#memory.buffer, MARKS.value, calls);
    if (marks === undefined) marked.fill(1);
    else marked.set(marks);
    for (let from = 0; from < calls;) {
      from = this.#exports.count(from, calls);
      if (from < calls) this.#answer(from);
    }
    for (const call of this.#words(LEFT, left.value)) this.#host.left(call);
  }

  #answer(call: number): void {
    const { need, NEEDS_OFFSET, NEEDS_ENDING, NEEDS_GROUP, FACTS, HOURS_BEFORE, hours } = this.#exports;
    if (need.value === NEEDS_OFFSET.value) {
      const time = this.#words(FACTS, (call + 1) * FACT_WORDS)[call * FACT_WORDS] ?? 0;
      const { minutes, ofDay } = this.#host.offset(time);
      this.#exports.addOffset(time, minutes, ofDay);
    } else if (need.value === NEEDS_ENDING.value) {
      const { bits, cause, answered } = this.#host.ending(call);
      this.#exports.addEnding(bits, cause, answered);
    } else if (need.value === NEEDS_GROUP.value && this.#exports.addGroup() > 0) {
      const at = hours.value;
      this.#host.group(call, at < 0 ? undefined : at - HOURS_BEFORE.value);
    } else throw tooMuch();
  }

  /** What was counted of each group, in no order. */
  *groups(): Generator<CountedGroup> {
    const { groupsAt, groupSlots, GROUP_BYTES, GROUP_NUMBER, GROUP_FIGURES } = this.#exports;
    const view = new DataView(this.#memory.buffer);
    for (let slot = 0, at = groupsAt.value; slot < groupSlots.value; slot++, at += GROUP_BYTES.value) {
      const number = view.getInt32(at + GROUP_NUMBER.value, true);
      if (number === 0) continue;
      const figure = (index: number): number => view.getFloat64(at + GROUP_FIGURES.value + index * 8, true);
      const [calls, answered, talkSeconds, billedMinutes] = [figure(0), figure(1), figure(2), figure(3)];
      yield { group: number - 1, calls, answered, talkSeconds, billedMinutes };
    }
  }

  /** How often each length in whole seconds occurred in a group, in no order. */
  *lengths(): Generator<CountedLength> {
    const { lengthsAt, lengthSlots, LENGTH_BYTES } = this.#exports;
    const view = new DataView(this.#memory.buffer);
    for (let slot = 0, at = lengthsAt.value; slot < lengthSlots.value; slot++, at += LENGTH_BYTES.value) {
      const count = view.getUint32(at + 8, true);
      if (count === 0) continue;
      const length = view.getUint32(at, true);
      yield { group: view.getUint32(at + 4, true) - 1, seconds: length >>> 1, isTalk: (length & 1) === 1, count };
    }
  }

  /** The hours that calls fell into. */
  *hours(): Generator<CountedHour> {
    const { HOURS, HOURS_BEFORE } = this.#exports;
    const { earliestAt, latestAt } = this;
    if (earliestAt === undefined || latestAt === undefined) return;
    // Clocks differ from UTC by less than a day.
    const from = Math.max(0, Math.floor(earliestAt / HOUR_SECONDS));
    const to = Math.floor(latestAt / HOUR_SECONDS) + 2 * HOURS_BEFORE.value;
    const counts = this.#words(HOURS, (to + 1) * 2);
    for (let at = from; at <= to; at++) {
      const calls = counts[at * 2] ?? 0;
      if (calls > 0) yield { hours: at - HOURS_BEFORE.value, calls, answered: counts[at * 2 + 1] ?? 0 };
    }
  }

  /** Time of the earliest call that was counted, in seconds since 1970. */
  get earliestAt(): number | undefined {
    const { earliest, latest } = this.#exports;
    return earliest.value > latest.value ? undefined : earliest.value;
  }

  get latestAt(): number | undefined {
    const { earliest, latest } = this.#exports;
    return earliest.value > latest.value ? undefined : latest.value;
  }

  /** Made anew each time: the memory grows. */
  #words(at: WebAssembly.Global, count: number): Int32Array {
    return new Int32Array(this.#memory.buffer, at.value, count);
  }
}

function tooMuch(): RangeError {
  return new RangeError('more groups and lengths than can be counted');
}
