import { randomBytes } from 'node:crypto';
import { open, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { TextPair } from '../../domain/text-pair.js';
import { AppError, storageError } from '../../errors.js';

/** The files of a run as they were typed. */
export interface RunFiles {
  /** `undefined` for stdin. */
  readonly file: string | undefined;
  readonly out: string | undefined;
  readonly rejects: string | undefined;
}

/** Where the names are looked for, and whether the folders are only looked at: a dry run makes nothing. */
export interface CheckOptions {
  readonly cwd: string;
  readonly lookOnly?: boolean | undefined;
}

/**
 * Makes sure, before anything is sent, that the results can be written and take the place of nothing that is read. A file is made in each folder and goes
 * at once.
 * @throws AppError `flag-conflict` when two of them are one file, also by links; `flag-invalid` for a folder that is not there and for what is no file;
 * `storage-…` and `disk-full` for a folder that cannot be written.
 */
export async function checkOutputs(files: RunFiles, { cwd, lookOnly }: CheckOptions): Promise<void> {
  const seen = new Map<string, string>();
  for (const name of ['file', 'out', 'rejects'] as const) {
    const typed = files[name];
    if (typed === undefined) continue;
    const path = resolve(cwd, typed);
    if (name !== 'file') await checkTarget(path, `--${name} ${typed}`);
    const identity = await identityOf(path);
    const other = seen.get(identity);
    if (other !== undefined) {
      throw new AppError(
        'flag-conflict',
        {
          zh: `--${name} ${typed} 与 --${other} 是同一个文件：会被覆盖`,
          en: `--${name} ${typed} is the same file as --${other}: it would be overwritten`,
        },
        {
          hint: { zh: '请换一个文件；没有发送。', en: 'Name another file; nothing was sent.' },
        },
      );
    }
    seen.set(identity, name);
  }
  if (lookOnly === true) return;
  for (const name of ['out', 'rejects'] as const) {
    const typed = files[name];
    if (typed !== undefined)
      await tryFolder(dirname(resolve(cwd, typed)), {
        zh: `无法写入 --${name} ${typed}`,
        en: `cannot write --${name} ${typed}`,
      });
  }
}

async function checkTarget(path: string, what: string): Promise<void> {
  const folder = await stat(dirname(path)).catch(refuseMissing(what, dirname(path)));
  if (!folder.isDirectory())
    throw new AppError('flag-invalid', {
      zh: `${what}：${dirname(path)} 不是目录`,
      en: `${what}: ${dirname(path)} is no folder`,
    });
  const target = await stat(path).catch(() => undefined);
  if (target?.isFile() === false)
    throw new AppError('flag-invalid', {
      zh: `${what}：已存在且不是文件`,
      en: `${what}: is there already and is no file`,
    });
}

function refuseMissing(what: string, folder: string): (error: unknown) => never {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw storageError(error, { zh: `无法读取 ${folder}`, en: `cannot read ${folder}` });
    throw new AppError(
      'flag-invalid',
      { zh: `${what}：没有目录 ${folder}`, en: `${what}: there is no folder ${folder}` },
      {
        hint: { zh: `创建：mkdir -p ${folder}`, en: `Make it: mkdir -p ${folder}` },
      },
    );
  };
}

/** Device and inode tell hard links and links apart from other files; what is not there yet is known by the folder it will be in. */
async function identityOf(path: string): Promise<string> {
  const known = await stat(path, { bigint: true }).catch(() => undefined);
  if (known !== undefined) return `${known.dev}:${known.ino}`;
  return join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path));
}

async function tryFolder(folder: string, doing: TextPair): Promise<void> {
  const probe = join(folder, `.privacy-call-${randomBytes(6).toString('hex')}.tmp`);
  try {
    await (await open(probe, 'wx', 0o600)).close();
    await rm(probe, { force: true });
  } catch (error) {
    throw storageError(error, doing);
  }
}
