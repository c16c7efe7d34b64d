import { describe, expect, it } from 'vitest';
import { Pace } from '../../../../src/bindings/bulk/pace.js';
import type { RowWork } from '../../../../src/bindings/bulk/row-contract.js';
import { runRows, type RunOptions } from '../../../../src/bindings/bulk/run-rows.js';
import { AppError, type ErrorCode } from '../../../../src/errors.js';
import type { JobLog, RowLine, RowState } from '../../../../src/store/jobs.js';
import type { TableRow } from '../../../../src/tables/read-table.js';

const NOW = new Date('2026-11-22T00:00:00.000Z');
const EARLIER = new Date('2026-11-21T00:00:00.000Z');

/** A job in memory that remembers every line. */
function memoryJob(before: readonly RowLine[] = []) {
  const lines: RowLine[] = [...before];
  const last = (row: number): RowLine | undefined => lines.findLast((line) => line.row === row);
  return {
    lines,
    history: (row: number): RowState[] => lines.filter((line) => line.row === row).map(({ state }) => state),
    append: (more: readonly RowLine[]) => {
      lines.push(...more);
      return Promise.resolve();
    },
    stateOf: (row: number) => last(row)?.state ?? 'waiting',
    lineOf: (row: number) => Promise.resolve(last(row)),
  };
}

interface Scene {
  readonly rows?: number;
  readonly before?: readonly RowLine[];
  /** What happens at each send, in order; `undefined` = it is done. */
  readonly sends?: readonly (ErrorCode | AppError | undefined)[];
  readonly settles?: readonly (Awaited<ReturnType<RowWork['settle']>> | AppError)[];
  readonly repeatable?: boolean;
  readonly options?: Partial<RunOptions>;
}

async function play(scene: Scene) {
  let clock = 0;
  const sleeps: number[] = [];
  const job = memoryJob(scene.before);
  const sends = [...(scene.sends ?? [])];
  const settles = [...(scene.settles ?? [])];
  const asked: Date[] = [];
  const sent: { readonly id: unknown; readonly again: boolean; readonly at: number }[] = [];
  const work: RowWork = {
    isRepeatable: () => scene.repeatable ?? true,
    send: (values, again) => {
      sent.push({ id: values.id, again, at: clock });
      const next = sends.shift();
      if (next instanceof AppError) return Promise.reject(next);
      if (next !== undefined) return Promise.reject(new AppError(next, `as told: ${next}`));
      return Promise.resolve({ state: 'done', id: `id-${String(values.id)}` });
    },
    settle: (_values, sentAt) => {
      asked.push(sentAt);
      const next = settles.shift() ?? { kind: 'send' };
      return next instanceof AppError ? Promise.reject(next) : Promise.resolve(next);
    },
  };
  const pace = new Pace({
    ratePerSecond: Number.POSITIVE_INFINITY,
    elapsedMs: () => clock,
    sleep: (ms) => {
      sleeps.push(ms);
      clock += ms;
      return Promise.resolve();
    },
  });
  const rows = async function* (): AsyncGenerator<readonly TableRow[]> {
    for (let index = 0; index < (scene.rows ?? 1); index += 1) {
      yield await Promise.resolve([{ index, row: index + 2, cells: [String(index)] }]);
    }
  };
  const stopped = await runRows(
    { job: job as unknown as JobLog, work, pace, now: () => NOW, valuesOf: ({ index }) => ({ id: String(index) }) },
    rows(),
    {
      concurrency: 1,
      flowControlMs: 60_000,
      flowControlWaits: 1,
      retryMs: 1000,
      maxErrors: Number.POSITIVE_INFINITY,
      signal: new AbortController().signal,
      ...scene.options,
    },
  );
  return { job, stopped, sent, asked, sleeps };
}

const lost = (code: ErrorCode): AppError =>
  new AppError(code, 'lost', { cause: new AppError('outcome-unknown', 'the answer was lost') });

describe('runRows', () => {
  it('writes before and after each request', async () => {
    const { job, stopped } = await play({ rows: 2 });
    expect(job.lines.map(({ row, state, id }) => [row, state, id])).toEqual([
      [0, 'sent', undefined],
      [0, 'done', 'id-0'],
      [1, 'sent', undefined],
      [1, 'done', 'id-1'],
    ]);
    expect(stopped).toBeUndefined();
  });

  it('does only what is not over, and asks first about what had left', async () => {
    const before: RowLine[] = [
      { row: 0, at: EARLIER, state: 'done' },
      { row: 1, at: EARLIER, state: 'sent' },
      { row: 2, at: EARLIER, state: 'in-doubt' },
      { row: 3, at: EARLIER, state: 'refused' },
      { row: 4, at: EARLIER, state: 'waiting' },
    ];
    const settles = [{ kind: 'end', end: { state: 'done', id: 'id-1' } }, { kind: 'send' }] as const;
    const { job, sent, asked } = await play({ rows: 6, before, settles });
    expect(asked).toEqual([EARLIER, EARLIER]);
    expect(sent.map(({ id, again }) => [id, again])).toEqual([
      ['2', true],
      ['4', false],
      ['5', false],
    ]);
    expect([0, 1, 2, 3, 4, 5].map((row) => job.stateOf(row))).toEqual([
      'done',
      'done',
      'done',
      'refused',
      'done',
      'done',
    ]);
  });

  it('leaves a row in doubt, with the instant of its request, when nobody can tell', async () => {
    const before: RowLine[] = [{ row: 0, at: EARLIER, state: 'sent' }];
    const { job, sent } = await play({ before, settles: [{ kind: 'doubt', why: 'cannot be asked' }] });
    expect(sent).toEqual([]);
    expect(job.lines.at(-1)).toEqual({
      row: 0,
      at: EARLIER,
      state: 'in-doubt',
      code: 'outcome-unknown',
      message: 'cannot be asked',
    });
  });

  it('never takes a row in doubt for one that was not sent when the question itself meets a fault', async () => {
    const before: RowLine[] = [{ row: 0, at: EARLIER, state: 'sent' }];
    for (const code of ['signature-rejected', 'address-blocked', 'storage-failed', 'interrupted'] as const) {
      const { job, sent, stopped } = await play({ before, settles: [new AppError(code, 'no')] });
      expect([sent, job.stateOf(0), stopped?.code]).toEqual([[], 'sent', code]);
    }
    const slow = await play({ before, settles: [new AppError('flow-control', 'wait'), { kind: 'send' }] });
    expect([slow.job.stateOf(0), slow.sleeps, slow.sent.length]).toEqual(['done', [60_000], 1]);
    const other = await play({ before, settles: [new AppError('platform-failure', 'down')] });
    expect([other.job.stateOf(0), other.sent]).toEqual(['in-doubt', []]);
  });

  it('pauses for flow control and sends the row again; gives up after too many pauses', async () => {
    const once = await play({ sends: ['flow-control'] });
    expect([once.job.history(0), once.sleeps]).toEqual([['sent', 'waiting', 'sent', 'done'], [60_000]]);
    const ever = await play({ rows: 3, sends: ['flow-control', 'flow-control'] });
    expect([ever.stopped?.code, ever.job.stateOf(0), ever.sent.length]).toEqual(['flow-control', 'waiting', 2]);
  });

  it.each(['signature-rejected', 'address-blocked', 'account-frozen', 'interrupted', 'clock-skewed'] as const)(
    'stops at %s; nothing was done, so the row waits',
    async (code) => {
      const { job, stopped, sent } = await play({ rows: 5, sends: [undefined, code] });
      expect([sent.length, stopped?.code]).toEqual([2, code]);
      expect([0, 1, 2].map((row) => job.stateOf(row))).toEqual(['done', 'waiting', 'waiting']);
    },
  );

  it('leaves the line as it is when the disk refuses: the platform may have acted', async () => {
    const { job, stopped } = await play({ rows: 2, sends: ['disk-full'] });
    expect([job.history(0), stopped?.code]).toEqual([['sent'], 'disk-full']);
  });

  it('tries a network that is down again, then stops with the row waiting', async () => {
    const back = await play({ sends: ['network-unreachable', 'network-unreachable'] });
    expect([back.job.stateOf(0), back.sleeps, back.asked]).toEqual(['done', [1000, 2000], []]);
    const down = await play({ rows: 3, sends: Array<ErrorCode>(9).fill('network-unreachable') });
    expect([down.stopped?.code, down.sent.length, down.job.stateOf(0)]).toEqual(['network-unreachable', 4, 'waiting']);
  });

  it('asks before it sends again after a 5xx; where it cannot ask, the row is refused', async () => {
    const asked = await play({ sends: ['platform-failure'], settles: [{ kind: 'end', end: { state: 'done' } }] });
    expect([asked.asked, asked.sent.length, asked.job.stateOf(0)]).toEqual([[NOW], 1, 'done']);
    const blind = await play({ sends: ['platform-failure'], repeatable: false });
    expect([blind.sent.length, blind.job.stateOf(0), blind.job.lines.at(-1)?.code]).toEqual([
      1,
      'refused',
      'platform-failure',
    ]);
  });

  it('after a lost answer sends again only what the platform refuses to do twice', async () => {
    const again = await play({ sends: [lost('network-interrupted')] });
    expect([again.asked.length, again.sent.length, again.job.stateOf(0)]).toEqual([1, 2, 'done']);
    const never = await play({ sends: [lost('network-interrupted')], repeatable: false });
    expect([never.sent.length, never.job.stateOf(0)]).toEqual([1, 'in-doubt']);
    const unknown = await play({
      sends: ['outcome-unknown'],
      settles: [{ kind: 'doubt', why: 'open' }],
      repeatable: false,
    });
    expect([unknown.asked.length, unknown.sent.length, unknown.job.stateOf(0)]).toEqual([1, 1, 'in-doubt']);
  });

  it('stops beyond --max-errors', async () => {
    const sends = Array<ErrorCode>(9).fill('number-not-found');
    const { stopped, sent } = await play({ rows: 9, sends, options: { maxErrors: 2 } });
    expect([stopped?.code, sent.length]).toEqual(['some-failed', 3]);
  });
});
