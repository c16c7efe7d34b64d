import { hash } from 'node:crypto';
import type { AppendResult } from '../store.js';

/** Words of a slot: two of the key's hash, one of the content's, one of the time in seconds (0 = the slot is free). */
const SLOT = 4;
const FIRST_CAPACITY = 1024;
/** The platform tries for 10.4 hours. */
const RETAIN_SECONDS = 24 * 3600;

/** 64 bits of a key's SHA-256: what the table knows of it. */
export interface KeyHash {
  readonly high: number;
  readonly low: number;
}

/**
 * Which pushes are known, in 16 bytes each: an open-addressed table of hashes. The platform tries again for 10.4 hours, so a day is
 * enough; a key whose 64 bits meet another's by chance (once in a million days at five million pushes) counts as a conflict, and
 * what conflicts is kept: no chance match loses a push.
 */
export class SeenKeys {
  readonly #retainSeconds: number;
  #slots = new Uint32Array(FIRST_CAPACITY * SLOT);
  #used = 0;

  /** @param retainSeconds how long a key counts before the table may forget it. */
  constructor(retainSeconds = RETAIN_SECONDS) {
    this.#retainSeconds = retainSeconds;
  }

  /** Number of keys with their contents in the table. */
  get size(): number {
    return this.#used;
  }

  /** @param sha SHA-256 of the content, hex. A push without a key is always new. */
  lookup(key: string | KeyHash | undefined, sha: string): AppendResult {
    return key === undefined ? 'new' : this.#find(hashOf(key), contentOf(sha));
  }

  /** {@link lookup}, and {@link add} unless it is a duplicate. */
  meet(key: string | undefined, sha: string, at: Date): AppendResult {
    if (key === undefined) return 'new';
    const hashes = hashOf(key);
    const result = this.#find(hashes, contentOf(sha));
    if (result !== 'duplicate') this.#remember(hashes, sha, at);
    return result;
  }

  /** Remembers a key with its content. @param at instant of arrival; what is older by the time to retain may go. */
  add(key: string | KeyHash | undefined, sha: string, at: Date): void {
    if (key !== undefined) this.#remember(hashOf(key), sha, at);
  }

  #find({ high, low }: KeyHash, content: number): AppendResult {
    let result: AppendResult = 'new';
    for (let slot = this.#firstSlot(low); this.#timeAt(slot) !== 0; slot = this.#nextSlot(slot)) {
      if (this.#slots[slot] !== high || this.#slots[slot + 1] !== low) continue;
      if (this.#slots[slot + 2] === content) return 'duplicate';
      result = 'conflict';
    }
    return result;
  }

  #remember({ high, low }: KeyHash, sha: string, at: Date): void {
    const seconds = Math.max(1, Math.floor(at.getTime() / 1000));
    if (this.#used >= (this.#slots.length / SLOT) * 0.7) this.#rebuild(seconds - this.#retainSeconds);
    this.#insert([high, low, contentOf(sha), seconds]);
  }

  #insert(entry: readonly [number, number, number, number]): void {
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
    let capacity = FIRST_CAPACITY;
    while (capacity < kept * 2) capacity *= 2;
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

/** What the table keeps of a key: made once where a key is asked for and then added. */
export function hashOf(key: string | KeyHash): KeyHash {
  if (typeof key !== 'string') return key;
  const digest = hash('sha256', key, 'buffer');
  return { high: digest.readUInt32BE(0), low: digest.readUInt32BE(4) };
}

function contentOf(sha: string): number {
  return Number.parseInt(sha.slice(0, 8), 16);
}
