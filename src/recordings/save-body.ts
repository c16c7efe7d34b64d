import { createHash, randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError, storageError } from '../errors.js';
import { inspectWav, WAV_HEAD_BYTES } from './wav.js';
import type { WireAnswer } from '../platform/transport.js';

/** No recording is larger: a day of A-law is 691 MB. */
const MAX_BYTES = 1_073_741_824;

/** A whole WAV under a temporary name, synced. */
export interface SavedBody {
  readonly temporary: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly durationSeconds: number;
  readonly notes: readonly string[];
}

/**
 * Streams the body of an answer into a temporary file beside `final` (`.<name>.<random>.part`, 0600), checks length and WAV,
 * and syncs it. On any failure the temporary file is removed.
 * @throws AppError `recording-damaged` when it is not the whole recording; `network-…` of the body; `disk-full`, `storage-…`.
 */
export async function saveBody(answer: WireAnswer, final: string): Promise<SavedBody> {
  // Long names leave no room for the random part: 255 bytes is the most that file systems take.
  const temporary = join(dirname(final), `.${basename(final).slice(0, 40)}.${randomUUID()}.part`);
  const doing = `cannot write ${final}`;
  let handle: FileHandle;
  try {
    handle = await open(temporary, 'wx', 0o600);
  } catch (error) {
    throw storageError(error, doing);
  }
  try {
    const saved = await stream(answer, handle, doing);
    await handle.sync().catch((error: unknown) => {
      throw storageError(error, doing);
    });
    await handle.close();
    return { temporary, ...saved };
  } catch (error) {
    // Best effort: the failure that counts is the one on its way.
    await handle.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function stream(answer: WireAnswer, handle: FileHandle, doing: string): Promise<Omit<SavedBody, 'temporary'>> {
  const encoding = answer.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw damaged(`it came as ${encoding}`);
  const promised = lengthOf(answer);
  const hash = createHash('sha256');
  const head: Uint8Array[] = [];
  let headBytes = 0;
  let sizeBytes = 0;
  for await (const chunk of answer.body) {
    sizeBytes += chunk.length;
    if (sizeBytes > (promised ?? MAX_BYTES)) throw damaged(`more than the ${promised ?? MAX_BYTES} bytes expected`);
    if (headBytes < WAV_HEAD_BYTES) {
      head.push(chunk.slice(0, WAV_HEAD_BYTES - headBytes));
      headBytes += chunk.length;
    }
    hash.update(chunk);
    await writeAll(handle, chunk, doing);
  }
  if (promised !== undefined && sizeBytes < promised) throw damaged(`${sizeBytes} of ${promised} bytes came`);
  const wav = inspectWav(Buffer.concat(head), sizeBytes);
  if (!wav.ok) throw damaged(wav.reason);
  return { sizeBytes, sha256: hash.digest('hex'), durationSeconds: wav.durationSeconds, notes: wav.notes };
}

async function writeAll(handle: FileHandle, chunk: Uint8Array, doing: string): Promise<void> {
  try {
    for (let written = 0; written < chunk.length;) {
      written += (await handle.write(chunk, written)).bytesWritten;
    }
  } catch (error) {
    throw storageError(error, doing);
  }
}

function lengthOf(answer: WireAnswer): number | undefined {
  const text = answer.headers['content-length'];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function damaged(why: string): AppError {
  return new AppError('recording-damaged', `not the whole recording: ${why}`);
}
