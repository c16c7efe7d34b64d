import { randomInt } from 'node:crypto';
import type { AppendResult } from '../journal.js';
import { hashTerm, KEY_KIND, type TermHash } from './term-hash.js';

/** Words of a slot: two of the key's hash, one of the content's, one of the time in seconds (0 = the slot is free). */
const SLOT = 4;
/** Bits of a hash that choose the part; the others are spread over the slots of the part. */
const PART_BITS = 8;
const FIRST_CAPACITY = 16;
/** Share of a part's slots that may be taken; linear probing slows down above it. */
const MOST_LOAD = 0.8;
/** A part that is full has room for a quarter more afterwards: 20 to 25 bytes a key. */
const GROWTH = 1.25;
/** How long a push is known when it comes again: the platform tries for 10.4 hours. */
export const RETAIN_SECONDS = 24 * 3600;

/**
 * Which pushes are known, in 16 bytes each: open-addressed tables of hashes, seeded for each object, so that nobody can make keys that
 * meet. The platform tries again for 10.4 hours, so a day is enough; a key whose 64 bits meet another's by chance (once in a million days
 * at five million pushes) counts as a conflict, and what conflicts is kept: no chance match loses a push.
 *
 * It is made of parts that grow each for itself: a single table of a day's pushes held all others up while it was copied, and twice its room.
 */
export class SeenKeys {
  readonly #retainSeconds: number;
  readonly #parts: (Part | undefined)[] = Array.from({ length: 1 << PART_BITS }, () => undefined);
  readonly #seed = randomInt(2 ** 32);

  /** @param retainSeconds how long a key counts before the table may forget it. */
  constructor(retainSeconds = RETAIN_SECONDS) {
    this.#retainSeconds = retainSeconds;
  }

  /** Number of keys with their contents that are held. */
  get size(): number {
    return this.#parts.reduce((sum, part) => sum + (part?.used ?? 0), 0);
  }

  /** What is kept of a key: made once where a key is asked for and then added. */
  hashOf(key: string): TermHash {
    return hashTerm(key, this.#seed, KEY_KIND);
  }

  /** @param sha SHA-256 of the content, hex. A push without a key is always new. */
  lookup(key: string | TermHash | undefined, sha: string): AppendResult {
    if (key === undefined) return 'new';
    const hash = this.#hashed(key);
    return this.#parts[partOf(hash)]?.find(hash, contentOf(sha)) ?? 'new';
  }

  /** {@link lookup}, and {@link add} unless it is a duplicate. */
  meet(key: string | undefined, sha: string, at: Date): AppendResult {
    if (key === undefined) return 'new';
    const hash = this.hashOf(key);
    const result = this.lookup(hash, sha);
    if (result !== 'duplicate') this.add(hash, sha, at);
    return result;
  }

  /** Remembers a key with its content. @param at instant of arrival; what is older by the time to retain may go. */
  add(key: string | TermHash | undefined, sha: string, at: Date): void {
    if (key === undefined) return;
    const hash = this.#hashed(key);
    const seconds = Math.max(1, Math.floor(at.getTime() / 1000));
    const part = (this.#parts[partOf(hash)] ??= new Part());
    part.add([hash.high, hash.low, contentOf(sha), seconds], seconds - this.#retainSeconds);
  }

  #hashed(key: string | TermHash): TermHash {
    return typeof key === 'string' ? this.hashOf(key) : key;
  }
}

/** The words of a slot. */
type Entry = readonly [high: number, low: number, content: number, seconds: number];

/** The table of the keys whose hashes begin alike. */
class Part {
  #slots = new Uint32Array(FIRST_CAPACITY * SLOT);
  #used = 0;

  get used(): number {
    return this.#used;
  }

  find({ high, low }: TermHash, content: number): AppendResult {
    let result: AppendResult = 'new';
    for (let slot = this.#firstSlot(low); this.#timeAt(slot) !== 0; slot = this.#nextSlot(slot)) {
      if (this.#slots[slot] !== high || this.#slots[slot + 1] !== low) continue;
      if (this.#slots[slot + 2] === content) return 'duplicate';
      result = 'conflict';
    }
    return result;
  }

  /** @param oldestSeconds what is older goes when room is needed. */
  add(entry: Entry, oldestSeconds: number): void {
    if (this.#used >= (this.#slots.length / SLOT) * MOST_LOAD) this.#rebuild(oldestSeconds);
    this.#insert(entry);
  }

  #insert(entry: Entry): void {
    let slot = this.#firstSlot(entry[1]);
    while (this.#timeAt(slot) !== 0) slot = this.#nextSlot(slot);
    this.#slots.set(entry, slot);
    this.#used += 1;
  }

  #rebuild(oldestSeconds: number): void {
    const before = this.#slots;
    const isKept = (slot: number): boolean => {
      const time = before[slot + 3] ?? 0;
      return time !== 0 && time >= oldestSeconds;
    };
    let kept = 0;
    for (let slot = 0; slot < before.length; slot += SLOT) if (isKept(slot)) kept += 1;
    const capacity = Math.max(FIRST_CAPACITY, Math.ceil((kept * GROWTH) / MOST_LOAD));
    this.#slots = new Uint32Array(capacity * SLOT);
    this.#used = 0;
    for (let slot = 0; slot < before.length; slot += SLOT) {
      if (!isKept(slot)) continue;
      this.#insert([before[slot] ?? 0, before[slot + 1] ?? 0, before[slot + 2] ?? 0, before[slot + 3] ?? 0]);
    }
  }

  #timeAt(slot: number): number {
    return this.#slots[slot + 3] ?? 0;
  }

  #firstSlot(low: number): number {
    return (low % (this.#slots.length / SLOT)) * SLOT;
  }

  #nextSlot(slot: number): number {
    const next = slot + SLOT;
    return next === this.#slots.length ? 0 : next;
  }
}

function partOf({ high }: TermHash): number {
  return high >>> (32 - PART_BITS);
}

function contentOf(sha: string): number {
  return Number.parseInt(sha.slice(0, 8), 16);
}
