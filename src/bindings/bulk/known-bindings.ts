import type { Binding } from '../../domain/binding.js';
import type { BindingMode } from '../../domain/mode.js';
import type { LedgerEntry } from '../../store/ledger-entry.js';
import { bindingKeys } from './binding-keys.js';
import type { TextFilter } from './text-filter.js';
import { hashText } from './text-hash.js';
import { TextStore } from './text-store.js';

/** What is held of a ledger entry: no request and no answer. */
export interface KnownBinding {
  readonly at: Date;
  readonly binding: Pick<Binding, 'mode' | 'subscriptionId' | 'a' | 'b' | 'x' | 'y' | 'extension'>;
}

/** `at` in milliseconds since 1970, then the ID and the numbers; what a binding lacks is `null`. */
type Held = readonly [at: number, id: string, ...numbers: readonly (string | null)[]];

/**
 * Bindings of one mode, found by their {@link bindingKeys}. Half a million must fit into a small memory: each is one text, some 100 bytes, and a key takes
 * 16 to 32 bytes whatever its length. As objects, in a Map of lists for their keys, each took 900.
 */
export class KnownBindings {
  readonly #mode: BindingMode;
  readonly #asked: Pick<TextFilter, 'mayHave'> | undefined;
  readonly #texts = new TextStore();
  /** By the lowest bits of a hash: the last place with them; 0 = none. */
  #heads = new Uint32Array(1024);
  /** Of each place, from 1: the hash of a key, where the text of its binding is, and the place before it with the same lowest bits. */
  #hashes = new Uint32Array(1024);
  #textPlaces = new Uint32Array(1024);
  #before = new Uint32Array(1024);
  #size = 1;

  /** @param asked the keys by which bindings will be looked for; without it, by any. */
  constructor(mode: BindingMode, asked: Pick<TextFilter, 'mayHave'> | undefined) {
    this.#mode = mode;
    this.#asked = asked;
  }

  /** Holds a binding, if it can be asked for. */
  add({ at, binding }: Pick<LedgerEntry, 'at' | 'binding'>): void {
    const { subscriptionId: id, a, b, x, y, extension } = binding;
    let text: number | undefined;
    for (const key of bindingKeys(this.#mode, { id, a, b, x, extension })) {
      if (this.#asked?.mayHave(key) === false) continue;
      text ??= this.#texts.keep(JSON.stringify([at.getTime(), id, a, b, x, y, extension]));
      if (this.#size === this.#hashes.length) this.#grow();
      this.#hashes[this.#size] = hashText(key)[0];
      this.#textPlaces[this.#size] = text;
      this.#link(this.#size);
      this.#size += 1;
    }
  }

  /** The bindings that have `key`, in the order in which they were added. */
  with(key: string): KnownBinding[] {
    const [hash] = hashText(key);
    const found: KnownBinding[] = [];
    for (let place = this.#headOf(hash); place !== 0; place = this.#before[place] ?? 0) {
      if (this.#hashes[place] !== hash) continue;
      const known = this.#read(this.#textPlaces[place] ?? 0);
      const { subscriptionId: id, ...numbers } = known.binding;
      // Two keys may have one hash.
      if (bindingKeys(this.#mode, { id, ...numbers }).includes(key)) found.push(known);
    }
    return found.reverse();
  }

  #read(text: number): KnownBinding {
    const [at, subscriptionId, ...numbers] = JSON.parse(this.#texts.at(text)) as Held;
    const [a, b, x, y, extension] = numbers.map((number) => number ?? undefined);
    return { at: new Date(at), binding: { mode: this.#mode, subscriptionId, a, b, x, y, extension } };
  }

  #headOf(hash: number): number {
    return this.#heads[hash & (this.#heads.length - 1)] ?? 0;
  }

  #link(place: number): void {
    const hash = this.#hashes[place] ?? 0;
    this.#before[place] = this.#headOf(hash);
    this.#heads[hash & (this.#heads.length - 1)] = place;
  }

  #grow(): void {
    const length = this.#size * 2;
    this.#hashes = extended(this.#hashes, length);
    this.#textPlaces = extended(this.#textPlaces, length);
    this.#before = new Uint32Array(length);
    this.#heads = new Uint32Array(length);
    for (let place = 1; place < this.#size; place += 1) this.#link(place);
  }
}

function extended(words: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(length);
  longer.set(words);
  return longer;
}
