import type { PageWriter, Section } from './index-pages.js';
import { FAN, type IndexSections, type LogIndex } from './log-index.js';

/** Lines of a step and the hashes of their keys. */
export interface StepKeys {
  /** The step's first line. */
  readonly firstLine: number;
  /** Pairs of a line and the upper half of its key's hash. */
  readonly lines: Uint32Array;
  /** The lower half by line of the step. */
  readonly lows: Uint32Array;
}

/** Counts records by the first 16 bits of their hash, and writes where each of them begins. */
class Fan {
  readonly #counts = new Uint32Array(FAN + 1);

  count(hash: number): void {
    const place = (hash >>> 16) + 1;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
  }

  write(writer: PageWriter): Section {
    writer.begin(1);
    let sum = 0;
    for (const count of this.#counts) writer.add((sum += count));
    return writer.end();
  }
}

/**
 * Writes the table of terms: the old one and new pairs of a line and a hash, merged.
 * @param pairs sorted here, in place.
 */
export function mergeTerms(
  writer: PageWriter,
  old: LogIndex | undefined,
  pairs: Uint32Array,
): Pick<IndexSections, 'terms' | 'termFan'> {
  sortPairs(pairs);
  const fan = new Fan();
  let next = 0;
  const add = (hash: number, line: number): void => {
    fan.count(hash);
    writer.add(hash, line);
  };
  // Lines of the old part come first: every new one stands behind them.
  const addNewBelow = (limit: number): void => {
    for (; next < pairs.length && (pairs[next + 1] ?? 0) < limit; next += 2)
      add(pairs[next + 1] ?? 0, pairs[next] ?? 0);
  };
  writer.begin(2);
  const table = old?.head.sections.terms;
  for (let record = 0; old !== undefined && table !== undefined && record < table.count; record += 1) {
    const hash = old.reader.word(table, record, 0);
    addNewBelow(hash);
    add(hash, old.reader.word(table, record, 1));
  }
  addNewBelow(Infinity);
  return { terms: writer.end(), termFan: fan.write(writer) };
}

/** A key of the step: where its lines begin and end. */
interface NewKey {
  readonly high: number;
  readonly low: number;
  readonly first: number;
  readonly latest: number;
}

/** Writes the table of keys: the old one with the latest lines of the step, and the keys that the step has brought. */
export function mergeKeys(
  writer: PageWriter,
  old: LogIndex | undefined,
  step: StepKeys,
): Pick<IndexSections, 'keys' | 'keyFan'> {
  sortPairs(step.lines);
  // Places go by first lines, which is known of a new key once it is certain that the old table lacks it: hence two passes.
  const firsts = new Uint8Array(step.lows.length);
  for (const { key, record } of mergedKeys(old, step))
    if (key !== undefined && record === undefined) firsts[key.first - step.firstLine] = 1;
  const places = new Uint32Array(firsts.length);
  let place = old?.keyCount ?? 0;
  firsts.forEach((isFirst, line) => {
    places[line] = place;
    place += isFirst;
  });
  const fan = new Fan();
  writer.begin(4);
  const table = old?.head.sections.keys;
  for (const { key, record } of mergedKeys(old, step)) {
    if (old === undefined || table === undefined || record === undefined) {
      if (key === undefined) continue;
      fan.count(key.high);
      writer.add(key.high, key.low, places[key.first - step.firstLine], key.latest);
      continue;
    }
    const word = (at: number): number => old.reader.word(table, record, at);
    fan.count(word(0));
    writer.add(word(0), word(1), word(2), key?.latest ?? word(3));
  }
  return { keys: writer.end(), keyFan: fan.write(writer) };
}

/** Both tables by hash: a key of the step, a record of the old table, or both where they are the same key. */
function* mergedKeys(
  old: LogIndex | undefined,
  step: StepKeys,
): Generator<{ readonly key: NewKey | undefined; readonly record: number | undefined }> {
  const table = old?.head.sections.keys;
  let record = 0;
  for (const key of newKeys(step)) {
    let order = -1;
    while (old !== undefined && table !== undefined && record < table.count) {
      order = old.reader.word(table, record, 0) - key.high || old.reader.word(table, record, 1) - key.low;
      if (order >= 0) break;
      yield { key: undefined, record };
      record += 1;
      order = -1;
    }
    if (order === 0) {
      yield { key, record };
      record += 1;
    } else yield { key, record: undefined };
  }
  for (; table !== undefined && record < table.count; record += 1) yield { key: undefined, record };
}

/** The keys of the step by hash. */
function* newKeys({ firstLine, lines, lows }: StepKeys): Generator<NewKey> {
  const lowOf = (line: number): number => lows[line - firstLine] ?? 0;
  for (let from = 0; from < lines.length;) {
    const high = lines[from + 1] ?? 0;
    let to = from + 2;
    while (to < lines.length && lines[to + 1] === high) to += 2;
    if (to - from === 2) {
      const line = lines[from] ?? 0;
      yield { high, low: lowOf(line), first: line, latest: line };
      from = to;
      continue;
    }
    // A key with several lines, or several keys; the lines of each are in their order.
    const group = Array.from({ length: (to - from) / 2 }, (_, index) => lines[from + index * 2] ?? 0);
    const byLow = new Map<number, { first: number; latest: number }>();
    for (const line of group) {
      const known = byLow.get(lowOf(line));
      if (known === undefined) byLow.set(lowOf(line), { first: line, latest: line });
      else known.latest = line;
    }
    const sorted = byLow.size === 1 ? byLow : [...byLow].sort(([one], [other]) => one - other);
    for (const [low, { first, latest }] of sorted) yield { high, low, first, latest };
    from = to;
  }
}

/** By hash, then by line: on every machine that Node.js 20 is built for but one (s390x) a pair is a number of 64 bits whose upper half stands second. */
function sortPairs(pairs: Uint32Array): void {
  new BigUint64Array(pairs.buffer, pairs.byteOffset, pairs.length / 2).sort();
}
