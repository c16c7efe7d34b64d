import type { IncomingMessage } from 'node:http';

/**
 * What arrived: the whole body; or too much of it; or the sender went away in the middle; or so much of others was being held that
 * this one was not.
 */
export type BodyResult =
  | { readonly state: 'whole'; readonly bytes: Uint8Array }
  | { readonly state: 'too-large' }
  | { readonly state: 'aborted' }
  | { readonly state: 'crowded' };

/** How much is held of all bodies that are on their way. */
export interface BodyRoom {
  /** Grows and shrinks with them. */
  heldBytes: number;
  readonly mostBytes: number;
}

/** Bounds of {@link readBody}. */
export interface BodyLimits {
  /** A larger body is not held. */
  readonly keepBytes: number;
  /** Up to here it is still heard, and dropped, so that its sender sees the answer and not a reset connection. */
  readonly hearBytes: number;
  /** Shared by all that are read at once. */
  readonly room: BodyRoom;
}

/** Reads the raw bytes of a request's body; never rejects. */
export function readBody(request: IncomingMessage, { keepBytes, hearBytes, room }: BodyLimits): Promise<BodyResult> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let heldBytes = 0;
    let sizeBytes = 0;
    let isCrowded = false;
    const drop = (): void => {
      room.heldBytes -= heldBytes;
      heldBytes = 0;
      chunks = [];
    };
    const settle = (result: BodyResult): void => {
      drop();
      resolve(result);
    };
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= keepBytes && !isCrowded) {
        isCrowded = room.heldBytes + chunk.length > room.mostBytes;
        if (!isCrowded) {
          chunks.push(chunk);
          heldBytes += chunk.length;
          room.heldBytes += chunk.length;
          return;
        }
      }
      drop();
      if (sizeBytes > hearBytes) {
        request.pause();
        resolve({ state: 'too-large' });
      }
    });
    request.on('end', () => {
      if (sizeBytes > keepBytes) settle({ state: 'too-large' });
      else settle(isCrowded ? { state: 'crowded' } : { state: 'whole', bytes: Buffer.concat(chunks) });
    });
    request.on('error', () => {
      settle({ state: 'aborted' });
    });
    request.on('close', () => {
      settle({ state: 'aborted' });
    });
  });
}
