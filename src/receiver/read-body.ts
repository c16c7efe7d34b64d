import type { IncomingMessage } from 'node:http';

/** What arrived: the whole body; or too much of it; or the sender went away in the middle. */
export type BodyResult =
  | { readonly state: 'whole'; readonly bytes: Uint8Array }
  | { readonly state: 'too-large' }
  | { readonly state: 'aborted' };

/**
 * Reads the raw bytes of a request's body; never rejects.
 * @param limits `keepBytes`: a larger body is not held. `hearBytes`: up to here it is still heard, and dropped, so that its sender sees
 * the answer and not a reset connection.
 */
export function readBody(
  request: IncomingMessage,
  limits: { readonly keepBytes: number; readonly hearBytes: number },
): Promise<BodyResult> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let sizeBytes = 0;
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= limits.keepBytes) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      if (sizeBytes > limits.hearBytes) {
        request.pause();
        resolve({ state: 'too-large' });
      }
    });
    request.on('end', () => {
      resolve(sizeBytes > limits.keepBytes ? { state: 'too-large' } : { state: 'whole', bytes: Buffer.concat(chunks) });
    });
    request.on('error', () => {
      resolve({ state: 'aborted' });
    });
    request.on('close', () => {
      resolve({ state: 'aborted' });
    });
  });
}
