import { onTestFinished, describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import { startCommand } from '../helpers/running.js';
import { openWorld, type Outcome, type RunOptions, type World } from '../helpers/world.js';

const TAIL = ['-p', 'sandbox', 'events', 'tail'] as const;
const CALL = ['sandbox', 'call', '--from', '13800000009', '--to', '17000000201'] as const;

/** Runs the command until it has written so many times, then stops it. */
async function untilWritten(
  world: World,
  argv: readonly string[],
  writes: number,
  options: RunOptions & { readonly after?: (writes: number) => void } = {},
): Promise<Outcome> {
  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort(new AppError('interrupted', 'stopped by Ctrl-C'));
  };
  onTestFinished(stop);
  let seen = 0;
  return world.run(argv, {
    ...options,
    signal: stopping.signal,
    onWrite: () => {
      seen += 1;
      options.after?.(seen);
      if (seen === writes) stop();
    },
  });
}

async function call(world: World, url: string): Promise<string> {
  return (await world.cli(...CALL, '--push', url, '--query', 'item.sessionId')).stdout.trim();
}

function kinds(outcome: Outcome): string[] {
  return outcome.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; type?: string })
    .map(({ kind, type }) => type ?? kind);
}

describe('events tail', () => {
  it('shows pushes as they come, each at once, and ends with 0', async () => {
    const world = await openWorld();
    const receiver = await startCommand(world, ['-p', 'sandbox', 'listen']);
    const tailing = untilWritten(world, [...TAIL, '--since', '1h', '-o', 'ndjson'], 3);
    await call(world, receiver.url);
    const ended = await tailing;
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(kinds(ended).sort()).toEqual(['CallRecord', 'callin', 'disconnect']);
    expect(ended.writes).toHaveLength(3);
    await receiver.stop();
  });

  it('begins with the last ones, and shows nothing twice', async () => {
    const world = await openWorld();
    const receiver = await startCommand(world, ['-p', 'sandbox', 'listen']);
    await call(world, receiver.url);
    let second = Promise.resolve('');
    const ended = await untilWritten(world, [...TAIL, '--last', '2', '-o', 'ndjson'], 5, {
      after: (writes) => {
        if (writes === 2) second = call(world, receiver.url);
      },
    });
    const session = await second;
    expect(ended.code).toBe(0);
    const rows = ended.stdout.trim().split('\n');
    expect(rows).toHaveLength(5);
    expect(new Set(rows).size).toBe(5);
    expect(rows.slice(2).every((row) => (JSON.parse(row) as { sessionId: string }).sessionId === session)).toBe(true);
    await receiver.stop();
  });

  it('chooses by kind and session, and draws a line for each on a terminal', async () => {
    const world = await openWorld();
    const receiver = await startCommand(world, ['-p', 'sandbox', 'listen']);
    await call(world, receiver.url);
    const session = await call(world, receiver.url);
    await receiver.stop();
    const one = await untilWritten(
      world,
      [...TAIL, '--since', '1h', '--kind', 'cdr', '--session', session, '-o', 'ndjson'],
      1,
    );
    expect(one.stdout).toContain(session);
    const drawn = await untilWritten(world, [...TAIL, '--since', '1h', '--kind', 'event'], 4, { terminal: true });
    expect(drawn.code).toBe(0);
    expect(drawn.stdout.split('\n').filter((line) => line.startsWith('event  2026-11-22 '))).toHaveLength(4);
    expect(drawn.stdout).not.toContain('13800000009');
  });

  it.each([
    [['--since', '1h', '--last', '2'], 'flag-conflict'],
    [['--last', 'two'], 'flag-invalid'],
    [['--kind', 'call'], 'flag-invalid'],
    [['-x', 'none'], 'flag-invalid'],
  ])('refuses %j', async (flags, code) => {
    const world = await openWorld();
    expect(await world.cli(...TAIL, ...flags, '--json')).toMatchObject({ code: 2, stdout: '', error: { code } });
  });
});
