import { createWriteStream, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFileJobs } from '../../src/store/file/open-jobs.js';
import type { RowLine } from '../../src/store/store.js';
import { NIGHTLY } from '../helpers/nightly.js';
import { makeWorld, type Running } from '../helpers/bin.js';

/** B6, every night and before a release. Needs /proc. */
const ROWS = Number(process.env.BULK_MILLION_ROWS ?? 1_000_000);
const LEFT = 5;

const rowOf = (n: number): string =>
  `1${3_800_000_000 + n},1${3_900_000_000 + n},${17_000_000_201 + (n % 250)},订单${n}\n`;

/** The most memory that the process ever held, MiB, as far as it was looked at. */
async function peakOf(run: Running): Promise<number> {
  let peak = 0;
  const look = setInterval(() => {
    try {
      const text = readFileSync(`/proc/${run.child.pid ?? 0}/status`, 'utf8');
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1024);
    } catch {
      // It has ended.
    }
  }, 20);
  await run.ended;
  clearInterval(look);
  return peak;
}

describe.runIf(NIGHTLY || process.env.BULK_MILLION === '1')('a million rows', () => {
  it(`B6: ${ROWS} rows are planned in 200 MB; a resume starts in 5 s`, { timeout: 1_800_000 }, async () => {
    const world = await makeWorld();
    const file = join(world.folder, 'rows.csv');
    const stream = createWriteStream(file);
    stream.write('主叫,被叫,X号码,备注\n');
    for (let n = 0; n < ROWS; n += 1) if (!stream.write(rowOf(n))) await once(stream, 'drain');
    stream.end();
    await once(stream, 'finish');
    const bind = ['-p', 'sandbox', 'bind', '--mode', 'axb', '--file', file, '--json'];
    const planStart = performance.now();
    const plan = world.start([...bind, '--dry-run']);
    const planPeak = await peakOf(plan);
    const planSeconds = (performance.now() - planStart) / 1000;
    expect((JSON.parse((await plan.ended).stdout) as { item: unknown }).item).toMatchObject({
      rows: ROWS,
      toSend: ROWS,
    });

    const jobs = openFileJobs({
      folder: join(world.home, '.local/state/privacy-call/jobs'),
      now: () => new Date(),
      pid: process.pid,
    });
    const work = { operation: 'bind', mode: 'axb', profile: 'sandbox', file, defaults: {}, mapping: {} } as const;
    const { createReadStream } = await import('node:fs');
    const { job } = await jobs.start({ ...work, ifExists: 'skip' }, createReadStream(file));
    await job.begin(ROWS);
    const at = new Date();
    for (let first = LEFT; first < ROWS; first += 10_000) {
      const rows = Array.from({ length: Math.min(10_000, ROWS - first) }, (_, n) => first + n);
      await job.append(rows.map((row): RowLine => ({ row, at, state: 'sent' })));
      await job.append(
        rows.map((row): RowLine => ({
          row,
          at,
          state: 'done',
          id: `0ab1c2d3-0000-4000-8000-${row}`,
          x: '+8617000000201',
        })),
      );
    }
    await job.close();
    const resumeStart = Date.now();
    const resume = world.start(['-p', 'sandbox', 'jobs', 'resume', job.head.id, '--rate', 'max', '--json']);
    const resumePeak = await peakOf(resume);
    const after = await jobs.read(job.head.id);
    const first = await after.lineOf(0);
    await after.close();
    const resumeSeconds = ((first?.at.getTime() ?? 0) - resumeStart) / 1000;
    const { item } = JSON.parse((await resume.ended).stdout) as { item: Record<string, number> };
    console.log(
      `B6: ${ROWS} rows; plan ${planSeconds.toFixed(1)} s, ${Math.round(planPeak)} MiB; ` +
        `resume: first row over after ${resumeSeconds.toFixed(1)} s, ${Math.round(resumePeak)} MiB`,
    );
    // The X numbers of the file are not all those of the sandbox: a refusal is an end too.
    expect(item).toMatchObject({ rows: ROWS, left: 0 });
    expect(planPeak).toBeLessThanOrEqual(200);
    expect(resumePeak).toBeLessThanOrEqual(200);
    expect(resumeSeconds).toBeLessThanOrEqual(5);
  });
});
