import type { PushKind } from '../../domain/push-kind.js';

/** A push whose records are asked for. */
export interface KeptPush {
  readonly id: string;
  /** Instant of arrival. */
  readonly at: Date;
  readonly kind: PushKind;
  readonly bytes: Uint8Array;
}

const LINE_FEED = 0x0a;
/** Bodies are scanned so many bytes at once. */
const GATHER_BYTES = 1024 * 1024;
/** Each push takes memory beside its body. */
const MOST_PUSHES = 4096;
/** What bodies are cut from stays as long as they do: where few of many pushes are wanted, that is far more than themselves. */
const MOST_HELD_BYTES = 16 * 1024 * 1024;

/** Pushes that are read together. */
export class PushBatch<P extends KeptPush> {
  readonly pushes: P[] = [];
  /** Those of them that the scanner may understand. */
  readonly lines: P[] = [];
  #bytes = 0;
  /** Memory that the bodies are cut from; those of one piece come one after the other. */
  #heldBytes = 0;
  #piece: ArrayBufferLike | undefined;

  /** Bytes of all of them. */
  get bytes(): number {
    return this.#bytes;
  }

  get isFull(): boolean {
    return this.#bytes >= GATHER_BYTES || this.pushes.length >= MOST_PUSHES || this.#heldBytes >= MOST_HELD_BYTES;
  }

  add(push: P): void {
    const { bytes, kind } = push;
    this.pushes.push(push);
    this.#bytes += bytes.length;
    if (bytes.buffer !== this.#piece) this.#heldBytes += bytes.buffer.byteLength;
    this.#piece = bytes.buffer;
    if (kind === 'fee' && bytes.length < GATHER_BYTES && !bytes.includes(LINE_FEED)) this.lines.push(push);
  }
}
