import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type HeldLock, takeLock } from '../../disk/lock-file.js';
import { FILE_MODE, makePrivateFolder } from '../../disk/private-folder.js';
import { AppError, isAppError, storageError } from '../../errors.js';
import type { JobHead, JobRecord, Jobs } from '../jobs.js';
import { FileJobLog, type JobFiles } from './job-log.js';
import { type JobDamageListener, JobRows } from './job-rows.js';

/** Options of {@link openFileJobs}. */
export interface FileJobsOptions {
  /** `<state>/jobs`; made by the first job. */
  readonly folder: string;
  readonly now: () => Date;
  readonly pid: number;
  readonly onDamage?: JobDamageListener | undefined;
}

/** A job as its file says, and where its whole lines end. */
interface LoadedJob {
  readonly rows: JobRows;
  readonly size: number;
}

/**
 * Bulk jobs in plain files: `<id>.ndjson` with the lines of the store's logs, `<id>.input` as it came. A job's ID is made from what it does, so the same
 * work started twice is one job. Opening makes nothing.
 */
export function openFileJobs(options: FileJobsOptions): Jobs {
  const { folder, now, pid, onDamage } = options;
  const filesOf = (id: string): JobFiles => ({ log: join(folder, `${id}.ndjson`), input: join(folder, `${id}.input`) });

  const has = async (id: string): Promise<boolean> =>
    /^[a-z]+-[0-9a-f]{12}(-\d+)?$/.test(id) && (await exists(filesOf(id).log));

  const load = async (id: string): Promise<LoadedJob> => {
    if (!(await has(id))) throw notFound(id);
    const rows = new JobRows(filesOf(id).log);
    const size = await rows.load(onDamage);
    if (!rows.hasHead) throw notFound(id);
    return { rows, size };
  };

  /** `undefined` for what is no job, or was removed meanwhile. */
  const loadIfThere = (id: string): Promise<LoadedJob | undefined> =>
    load(id).catch(async (error: unknown) => {
      if (isAppError(error, 'job-not-found') || !(await has(id))) return undefined;
      throw error;
    });

  /** The lock of all jobs of the same work. */
  const lockOf = async (id: string): Promise<HeldLock> => {
    if (!(await has(id))) throw notFound(id);
    const base = id.split('-').slice(0, 2).join('-');
    return lockJob(join(folder, `${base}.lock`), { base: id, pid });
  };

  const writer = (id: string, lock: HeldLock, loaded?: LoadedJob): Promise<FileJobLog> => {
    const files = filesOf(id);
    const { rows, size } = loaded ?? { rows: new JobRows(files.log), size: 0 };
    return FileJobLog.open({ files, rows, lock, size, removeUnbegun: () => remove(files) });
  };

  const start = async (
    work: Omit<JobHead, 'id' | 'at' | 'sha256'>,
    input: AsyncIterable<Uint8Array>,
  ): ReturnType<Jobs['start']> => {
    await guard(makePrivateFolder(folder), folder);
    const spooled = await spool(folder, input);
    const { sha256 } = spooled;
    const { file: _name, ...same } = work;
    const base = `${work.operation}-${hashOf(JSON.stringify({ ...same, sha256 })).slice(0, 12)}`;
    let lock: HeldLock | undefined;
    let before: JobRecord | undefined;
    try {
      lock = await lockJob(join(folder, `${base}.lock`), { base, pid });
      // Earlier ones may have been removed: a gap in the numbers is no end.
      const runs = await runsOf(folder, base);
      for (const run of [...runs, (runs.at(-1) ?? 0) + 1]) {
        const id = run === 1 ? base : `${base}-${run}`;
        const known = await loadIfThere(id);
        if (known !== undefined && isOver(known.rows)) {
          before = known.rows;
          continue;
        }
        if (known?.rows.rows !== undefined) return { job: await writer(id, lock, known), resumed: true };
        await remove(filesOf(id));
        await rename(spooled.file, filesOf(id).input);
        const job = await writer(id, lock);
        await job.writeHead({ ...work, id, at: now(), sha256 });
        return { job, resumed: false, before };
      }
      throw new AppError('internal', {
        zh: `${base} 的批量任务已无可用编号`,
        en: `no number is left for a job of ${base}`,
      });
    } catch (error) {
      await lock?.release();
      throw storageError(error, { zh: `无法在 ${folder} 中开始批量任务`, en: `cannot start a job in ${folder}` });
    } finally {
      await rm(spooled.file, { force: true });
    }
  };

  return {
    start,
    resume: async (id) => {
      const lock = await lockOf(id);
      try {
        return await writer(id, lock, await load(id));
      } catch (error) {
        await lock.release();
        throw error;
      }
    },
    read: async (id) => (await load(id)).rows,
    remove: async (id) => {
      const lock = await lockOf(id);
      try {
        if (!isOver((await load(id)).rows)) return false;
        await guard(remove(filesOf(id)), folder);
        return true;
      } finally {
        await lock.release();
      }
    },
    input: (id) => createReadStream(filesOf(id).input, { highWaterMark: 256 * 1024 }),
    async *list(): AsyncGenerator<JobRecord> {
      const names = await readdir(folder).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw storageError(error, { zh: `无法读取 ${folder}`, en: `cannot read ${folder}` });
      });
      const records: JobRows[] = [];
      for (const name of names.filter((one) => one.endsWith('.ndjson'))) {
        const record = await loadIfThere(name.replace(/\.ndjson$/, ''));
        if (record?.rows.rows !== undefined) records.push(record.rows);
      }
      yield* records.sort((one, other) => other.head.at.getTime() - one.head.at.getTime());
    },
  };
}

/** Whether nothing is left to do: rows in doubt can still be settled. */
export function isOver({ rows, counts }: Pick<JobRecord, 'rows' | 'counts'>): boolean {
  return rows !== undefined && counts.waiting === 0 && counts.sent === 0 && counts['in-doubt'] === 0;
}

function notFound(id: string): AppError {
  return new AppError(
    'job-not-found',
    { zh: `没有批量任务 ${id}`, en: `there is no job ${id}` },
    { hint: { zh: 'privacy-call jobs list 列出批量任务。', en: 'privacy-call jobs list shows them.' } },
  );
}

/** Numbers of the jobs of one piece of work, ascending; the first has none in its name. */
async function runsOf(folder: string, base: string): Promise<number[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(base) && name.endsWith('.ndjson'));
  const runs = names.map((name) => Number(/^-(\d+)\.ndjson$/.exec(name.slice(base.length))?.[1] ?? 1));
  return runs.sort((one, other) => one - other);
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

async function remove({ log, input }: JobFiles): Promise<void> {
  await rm(log, { force: true });
  await rm(input, { force: true });
}

async function guard<T>(work: Promise<T>, file: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw storageError(error, { zh: `无法写入 ${file}`, en: `cannot write ${file}` });
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** @throws AppError `job-running` at once when somebody else holds it. */
async function lockJob(file: string, who: { readonly base: string; readonly pid: number }): Promise<HeldLock> {
  try {
    return await takeLock(file, { pid: who.pid, waitMs: 0 });
  } catch (error) {
    if (!isAppError(error, 'storage-locked')) throw error;
    const pid = /process (\d+)/.exec(error.message)?.[1];
    const holder =
      pid === undefined ? { zh: '另一个进程', en: 'another process' } : { zh: `进程 ${pid} `, en: `process ${pid}` };
    throw new AppError(
      'job-running',
      {
        zh: `${who.base} 已在运行：${holder.zh}在做同样的工作`,
        en: `${who.base} runs already: ${holder.en} does the same work`,
      },
      {
        hint: {
          zh: `请等待；查看进展：privacy-call jobs show ${who.base}`,
          en: `Wait for it; see how it stands with: privacy-call jobs show ${who.base}`,
        },
        cause: error,
      },
    );
  }
}

/** The input in a file of our own: what is resumed later must be what was planned now. */
async function spool(
  folder: string,
  input: AsyncIterable<Uint8Array>,
): Promise<{ readonly file: string; readonly sha256: string }> {
  const file = join(folder, `.${randomBytes(6).toString('hex')}.input`);
  const hash = createHash('sha256');
  try {
    const handle = await open(file, 'wx', FILE_MODE);
    try {
      for await (const part of input) {
        hash.update(part);
        await handle.write(part);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { file, sha256: hash.digest('hex') };
  } catch (error) {
    await rm(file, { force: true });
    throw storageError(error, { zh: `无法写入 ${file}`, en: `cannot write ${file}` });
  }
}
