import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFileJobs } from '../../../../src/store/file/open-jobs.js';
import type { JobHead, Jobs, RowLine } from '../../../../src/store/jobs.js';

const NOW = new Date('2026-11-22T00:00:00.000Z');
const WORK: Omit<JobHead, 'id' | 'at' | 'sha256'> = {
  operation: 'bind',
  mode: 'axb',
  profile: 'shop',
  file: 'rows.csv',
  defaults: {},
  mapping: {},
  ifExists: 'skip',
};

async function* inputOf(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

async function bench(): Promise<{ readonly folder: string; readonly jobs: Jobs; readonly damage: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'privacy-call-jobs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const damage: string[] = [];
  const onDamage = ({ line, reason }: { readonly line: number; readonly reason: string }): void => {
    damage.push(`${line}: ${reason}`);
  };
  return { folder, jobs: openFileJobs({ folder, now: () => NOW, pid: process.pid, onDamage }), damage };
}

const line = (row: number, state: RowLine['state'], more: Partial<RowLine> = {}): RowLine => ({
  row,
  at: NOW,
  state,
  ...more,
});

describe('the list of jobs', () => {
  it('leaves out what is no job, and never one that cannot be read', async () => {
    const { folder, jobs } = await bench();
    await writeFile(join(folder, 'bind-000000000000.ndjson'), 'no line of ours\n');
    const list = async (): Promise<number> => {
      let count = 0;
      for await (const _ of jobs.list()) count += 1;
      return count;
    };
    expect(await list()).toBe(0);
    await mkdir(join(folder, 'bind-111111111111.ndjson'));
    const message = expect.stringContaining('bind-111111111111.ndjson') as unknown;
    await expect(list()).rejects.toMatchObject({ code: 'storage-failed', message });
  });
});

describe('a job', () => {
  it('keeps the latest line of each row, for the next process', async () => {
    const { jobs } = await bench();
    const { job, resumed } = await jobs.start(WORK, inputOf('a\n1\n'));
    expect([resumed, job.rows]).toEqual([false, undefined]);
    await job.append([line(2, 'refused', { code: 'input-invalid', message: '中' })]);
    await job.begin(4);
    await Promise.all([job.append([line(0, 'sent')]), job.append([line(1, 'sent')])]);
    await job.append([line(0, 'done', { id: 'id-0', x: '+8617000000201' })]);
    await job.close();
    const again = await jobs.start(WORK, inputOf('a\n1\n'));
    expect([again.resumed, again.job.head.id]).toEqual([true, job.head.id]);
    expect(again.job.counts).toEqual({ waiting: 1, sent: 1, done: 1, already: 0, refused: 1, 'in-doubt': 0 });
    expect(await again.job.lineOf(0)).toEqual(line(0, 'done', { id: 'id-0', x: '+8617000000201' }));
    expect((await Promise.all([2, 1, 0, 2].map((row) => again.job.lineOf(row)))).map((one) => one?.state)).toEqual([
      'refused',
      'sent',
      'done',
      'refused',
    ]);
    expect(await again.job.lineOf(3)).toBeUndefined();
    await again.job.close();
  });

  it('is another one for other work, and once it is over', async () => {
    const { jobs } = await bench();
    const first = (await jobs.start(WORK, inputOf('a\n'))).job;
    await first.begin(1);
    await first.append([line(0, 'done')]);
    await first.close();
    const ids = [];
    for (const [work, input] of [
      [WORK, 'a\n'],
      [{ ...WORK, profile: 'ride' }, 'a\n'],
      [{ ...WORK, defaults: { ttl: 60 } }, 'a\n'],
      [WORK, 'b\n'],
    ] as const) {
      const { job } = await jobs.start(work, inputOf(input));
      ids.push(job.head.id);
      await job.begin(1);
      await job.close();
    }
    expect(ids[0]).toBe(`${first.head.id}-2`);
    expect(new Set([...ids, first.head.id]).size).toBe(5);
    const renamed = await jobs.start({ ...WORK, file: 'other-name.csv' }, inputOf('b\n'));
    expect(renamed).toMatchObject({ resumed: true, job: { head: { id: ids[3] } } });
    await renamed.job.close();
  });

  it('that never began leaves nothing behind', async () => {
    const { folder, jobs } = await bench();
    const { job } = await jobs.start(WORK, inputOf('a\n'));
    await job.append([line(0, 'refused')]);
    await job.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('that was planned by a process that was killed is planned anew', async () => {
    const { folder, jobs } = await bench();
    const { job } = await jobs.start(WORK, inputOf('a\n'));
    await job.append([line(0, 'refused')]);
    const log = await readFile(join(folder, `${job.head.id}.ndjson`));
    await job.close();
    await writeFile(join(folder, `${job.head.id}.ndjson`), log);
    const again = await jobs.start(WORK, inputOf('a\n'));
    expect([again.resumed, again.job.stateOf(0)]).toEqual([false, 'waiting']);
    await again.job.close();
  });

  it('has one writer at a time, who is named', async () => {
    const { jobs } = await bench();
    const { job } = await jobs.start(WORK, inputOf('a\n'));
    await job.begin(1);
    const second = jobs.start(WORK, inputOf('a\n'));
    await expect(second).rejects.toMatchObject({ code: 'job-running', exitCode: 6 });
    await expect(second).rejects.toThrow(`process ${process.pid}`);
    await expect(jobs.resume(job.head.id)).rejects.toMatchObject({ code: 'job-running' });
    expect((await jobs.read(job.head.id)).counts.waiting).toBe(1);
    await job.close();
    await (await jobs.resume(job.head.id)).close();
  });

  it('cut at any byte loses the lines behind the cut and no other; a changed line is left out and told', async () => {
    const { folder, jobs, damage } = await bench();
    const { job } = await jobs.start(WORK, inputOf('a\n'));
    await job.begin(3);
    for (const row of [0, 1, 2]) await job.append([line(row, 'done', { id: `id-${row}` })]);
    const { id } = job.head;
    await job.close();
    const file = join(folder, `${id}.ndjson`);
    const whole = await readFile(file);
    const ends = [...whole.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1);
    const [, begun = 0] = ends;
    for (let length = begun; length <= whole.length; length += 1) {
      await writeFile(file, whole.subarray(0, length));
      const found = await jobs.read(id);
      expect(found.counts.done, `cut at ${length}`).toBe(ends.filter((end) => end <= length).length - 2);
    }
    expect(damage).toEqual([]);
    await writeFile(file, whole.subarray(0, whole.length - 5));
    const torn = await jobs.resume(id);
    await torn.append([line(2, 'sent')]);
    await torn.close();
    expect((await jobs.read(id)).counts).toMatchObject({ done: 2, sent: 1 });
    const changed = Buffer.from(whole);
    changed.write('id-9', changed.indexOf('id-1'));
    await writeFile(file, changed);
    expect((await jobs.read(id)).counts).toMatchObject({ done: 2, waiting: 1 });
    expect(damage).toEqual(['4: the checksum of the line does not match']);
  });

  it('keeps everything to its owner', async () => {
    const { folder, jobs } = await bench();
    const { job } = await jobs.start(WORK, inputOf('a\n'));
    await job.begin(1);
    await job.close();
    const { stat } = await import('node:fs/promises');
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o077, name).toBe(0);
  });
});
