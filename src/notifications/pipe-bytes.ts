import { closeSync, constants, open, openSync } from 'node:fs';
import { promisify } from 'node:util';

const openFile = promisify(open);
/** A thread that has not begun to open the pipe cannot be called back yet. */
const AGAIN_MS = 50;

/**
 * The bytes of a pipe that was named as a file, opened once. While nobody writes to it nothing comes, and a thread waits in the system for who does: it
 * is called back when `signal` aborts, for the process could not end before.
 * @throws the signal's reason; the error of the file system.
 */
export async function* pipeBytes(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const fd = await openPipe(path, signal);
  const { Socket } = await import('node:net');
  // Not a stream of the file: that reads in a thread too.
  const socket = new Socket({ fd, readable: true, writable: false });
  const stop = (): void => void socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    for await (const chunk of socket) yield chunk as Uint8Array;
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

async function openPipe(path: string, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  let again: NodeJS.Timeout | undefined;
  const stop = (): void => {
    callBack(path);
    again = setInterval(callBack, AGAIN_MS, path);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await openFile(path, 'r');
  } finally {
    signal.removeEventListener('abort', stop);
    clearInterval(again);
  }
}

/** To who waits for a writer this is one. */
function callBack(path: string): void {
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch {
    // Nobody waits yet, or this user may not write to it.
  }
}
