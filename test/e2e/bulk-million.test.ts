import { createWriteStream, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFileJobs } from '../../src/store/file/open-jobs.js';
import type { RowLine } from '../../src/store/jobs.js';
import { LEDGER_CODEC } from '../../src/store/file/entry-codecs.js';
import { sealLine } from '../../src/store/file/sealed-line.js';
import { amount, NIGHTLY } from '../helpers/nightly.js';
import { makeWorld, type Running } from '../helpers/bin.js';

/** B6, every night and before a release; that of a ledger that holds half of the rows also in a short form. Needs /proc. */
const ROWS = Number(process.env.BULK_MILLION_ROWS ?? 1_000_000);
const HELD_ROWS = amount('BULK_HELD_ROWS', 20_000, 1_000_000);
const LEFT = 5;
/**
 * What the process may hold of a binding that its rows ask for: a text of some 100 bytes in memory that is taken a megabyte at a time, and for A and B on X
 * 16 to 32 bytes each, in tables that double and for a moment exist twice.
 */
const BYTES_A_BINDING = 250;

/** So many that a million bindings and as many rows leave none full. */
const privacyNumber = (n: number): number => 17_000_000_201 + (n % 499);
const rowOf = (n: number): string => `1${3_800_000_000 + n},1${3_900_000_000 + n},${privacyNumber(n)},订单${n}\n`;

async function writeAll(file: string, lines: Iterable<string | Buffer>): Promise<void> {
  const stream = createWriteStream(file, { mode: 0o600 });
  for (const line of lines) if (!stream.write(line)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

/** Of ten bindings that the ledger holds one has expired and of one nobody knows whether it is. */
function* heldLines(count: number): Generator<Buffer> {
  const at = new Date('2026-11-01T00:00:00Z');
  for (let n = 0; n < count; n += 1) {
    const subscriptionId = `0ab1c2d3-0000-4000-8000-${String(n).padStart(12, '0')}`;
    const numbers = {
      a: `+861${3_800_000_000 + n}`,
      b: `+861${3_900_000_000 + n}`,
      x: `+86${privacyNumber(n)}`,
    };
    const expiresAt = n % 10 === 0 ? new Date('2026-11-02T00:00:00Z') : null;
    const binding = { kind: 'Binding', mode: 'axb', subscriptionId, ...numbers, createdAt: at, expiresAt } as const;
    const state = n % 10 === 1 ? 'in-doubt' : 'active';
    const entry = { key: `axb:${subscriptionId}`, at, mode: 'axb', action: 'bind', state, binding } as const;
    yield sealLine([JSON.stringify({ v: 1, ...LEDGER_CODEC.encode(entry) }).slice(0, -1)]);
  }
}

/** Rows for the pairs from `first` on; one of ten wants another B for its A. */
function* rowsFrom(first: number, count: number): Generator<string> {
  yield '主叫,被叫,X号码,备注\n';
  for (let n = first; n < first + count; n += 1)
    yield n % 10 === 2 ? rowOf(n).replace(`1${3_900_000_000 + n}`, `1${3_700_000_000 + n}`) : rowOf(n);
}

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
    await writeAll(file, rowsFrom(0, ROWS));
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

describe('rows of which the ledger holds half', () => {
  const most = 200 + ((HELD_ROWS / 2) * BYTES_A_BINDING) / 2 ** 20;

  it(`B6: ${HELD_ROWS} rows are planned in ${Math.round(most)} MB`, { timeout: 1_800_000 }, async () => {
    const world = await makeWorld();
    const file = join(world.folder, 'rows.csv');
    const data = join(world.home, '.local/share/privacy-call/sandbox');
    await mkdir(data, { recursive: true, mode: 0o700 });
    await writeAll(join(data, 'ledger.ndjson'), heldLines(HELD_ROWS));
    await writeAll(file, rowsFrom(HELD_ROWS / 2, HELD_ROWS));
    const start = performance.now();
    const plan = world.start(['-p', 'sandbox', 'bind', '--mode', 'axb', '--file', file, '--dry-run', '--json']);
    const peak = await peakOf(plan);
    console.log(
      `B6: ${HELD_ROWS} rows, half held; ${((performance.now() - start) / 1000).toFixed(1)} s, ${Math.round(peak)} MiB`,
    );
    const ten = HELD_ROWS / 20;
    expect((JSON.parse((await plan.ended).stdout) as { item: unknown }).item).toMatchObject({
      rows: HELD_ROWS,
      toSend: 11 * ten,
      already: 7 * ten,
      conflicts: 2 * ten,
      invalid: 0,
    });
    expect(peak).toBeLessThanOrEqual(most);
  });
});
