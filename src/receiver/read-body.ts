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

/**
 * Reads the raw bytes of a request's body.
 * @param done told once what arrived; never before this returns, and it must not throw. A promise for each push would cost more than reading it.
 */
export function readBody(
  request: IncomingMessage,
  { keepBytes, hearBytes, room }: BodyLimits,
  done: (result: BodyResult) => void,
): void {
  /** Of a body in one piece, as nearly every one comes, that piece. */
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let heldBytes = 0;
  let sizeBytes = 0;
  let isCrowded = false;
  let isDone = false;
  const drop = (): void => {
    room.heldBytes -= heldBytes;
    heldBytes = 0;
    first = undefined;
    more = undefined;
  };
  const settle = (result: BodyResult): void => {
    if (isDone) return;
    isDone = true;
    drop();
    done(result);
  };
  request.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes <= keepBytes && !isCrowded) {
      isCrowded = room.heldBytes + chunk.length > room.mostBytes;
      if (!isCrowded) {
        if (first === undefined) first = chunk;
        else (more ??= [first]).push(chunk);
        heldBytes += chunk.length;
        room.heldBytes += chunk.length;
        return;
      }
    }
    drop();
    if (sizeBytes > hearBytes) {
      request.pause();
      settle({ state: 'too-large' });
    }
  });
  request.on('end', () => {
    if (sizeBytes > keepBytes) settle({ state: 'too-large' });
    else if (isCrowded) settle({ state: 'crowded' });
    else settle({ state: 'whole', bytes: more === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(more) });
  });
  request.on('error', closeFollows);
  request.on('close', () => {
    settle({ state: 'aborted' });
  });
}

function closeFollows(): void {
  // A request that failed is closed in any case.
}
