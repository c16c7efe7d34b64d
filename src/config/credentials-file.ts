import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder } from '../disk/private-folder.js';
import { AppError, storageError } from '../errors.js';

/** Key and secret of one application. */
export interface Credentials {
  readonly appKey: string;
  readonly appSecret: string;
}

const FILE = 'credentials.json';

/**
 * The credentials of every profile; none when the file is missing.
 * @throws AppError `credentials-insecure` when others may read the file or write into its folder; `config-invalid` when it is damaged.
 */
export async function readCredentials(folder: string): Promise<Readonly<Record<string, Credentials>>> {
  const path = join(folder, FILE);
  let text: string;
  try {
    await refuseOpenFile(folder, path);
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw storageError(error, { zh: `无法读取 ${path}`, en: `cannot read ${path}` });
  }
  try {
    const content = JSON.parse(text) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(content).map(([name, value]) => [name, asCredentials(value)]));
  } catch {
    // The parser's own message would quote the file.
    throw new AppError(
      'config-invalid',
      { zh: `${path} 已损坏`, en: `${path} is damaged` },
      { hint: { zh: '请删除它，再运行 privacy-call login。', en: 'Delete it and run privacy-call login again.' } },
    );
  }
}

/** Keeps or, with `undefined`, forgets the credentials of `profile`. File 0600, folder 0700. @throws AppError `credentials-insecure` before anything is written, `storage-…`. */
export async function writeCredentials(
  folder: string,
  profile: string,
  credentials: Credentials | undefined,
): Promise<void> {
  const path = join(folder, FILE);
  const others = Object.entries(await readCredentials(folder)).filter(([name]) => name !== profile);
  const all = Object.fromEntries(credentials === undefined ? others : [...others, [profile, credentials]]);
  try {
    // The folder first: whoever may write into it could swap the file.
    await makePrivateFolder(folder);
    await refuseOpenFolder(folder);
    const { writeFileAtomic } = await import('../disk/write-file-atomic.js');
    await writeFileAtomic(path, `${JSON.stringify(all, null, 2)}\n`);
  } catch (error) {
    throw storageError(error, { zh: `无法写入 ${path}`, en: `cannot write ${path}` });
  }
}

async function refuseOpenFile(folder: string, path: string): Promise<void> {
  const file = await stat(path);
  if ((file.mode & 0o077) !== 0) {
    throw new AppError(
      'credentials-insecure',
      { zh: `${path} 可被其他用户读取`, en: `${path} can be read by others` },
      { hint: `chmod 600 ${path}` },
    );
  }
  await refuseOpenFolder(folder);
}

async function refuseOpenFolder(folder: string): Promise<void> {
  if (((await stat(folder)).mode & 0o022) !== 0) {
    throw new AppError(
      'credentials-insecure',
      { zh: `${folder} 可被其他用户写入`, en: `${folder} can be written by others` },
      { hint: `chmod 700 ${folder}` },
    );
  }
}

function asCredentials(value: unknown): Credentials {
  const { appKey, appSecret } = value as Record<string, unknown>;
  if (typeof appKey !== 'string' || typeof appSecret !== 'string') throw new TypeError('not credentials');
  return { appKey, appSecret };
}
