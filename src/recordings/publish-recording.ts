import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat, unlink } from 'node:fs/promises';
import { extname } from 'node:path';
import { AppError } from '../errors.js';
import type { FinishedPart } from './part-options.js';
import { publishFile } from './publish-file.js';

/**
 * Gives a finished part the name `final`; where another file has it, the name gets eight digits of the key's hash. A file with
 * the same content is taken as the recording, and the part is removed.
 * @returns the path under which the content stands.
 * @throws AppError `storage-failed` when both names are taken by other content; the error of the file system.
 */
export async function publishRecording(part: FinishedPart, final: string, key: string): Promise<string> {
  if (await takesName(part, final)) return final;
  const extension = extname(final);
  const mark = createHash('sha256').update(key).digest('hex').slice(0, 8);
  const beside = `${final.slice(0, final.length - extension.length)}~${mark}${extension}`;
  if (await takesName(part, beside)) return beside;
  throw new AppError('storage-failed', {
    zh: `${final} 和 ${beside} 已存在且内容不同`,
    en: `${final} and ${beside} exist with other content`,
  });
}

/** @returns false when other content has the name; the part is then still there. */
async function takesName(part: FinishedPart, path: string): Promise<boolean> {
  if (await publishFile(part.path, path)) return true;
  if (!(await holdsSame(path, part))) return false;
  await unlink(part.path);
  return true;
}

async function holdsSame(path: string, { sizeBytes, sha256 }: FinishedPart): Promise<boolean> {
  const found = await stat(path);
  if (!found.isFile() || found.size !== sizeBytes) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex') === sha256;
}
