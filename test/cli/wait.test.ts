import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import { startCommand } from '../helpers/running.js';
import { openWorld, type World } from '../helpers/world.js';

const WAIT = ['-p', 'sandbox', 'wait'] as const;
const CALL = ['sandbox', 'call', '--from', '13800000009', '--to', '17000000201'] as const;

async function callAndKeep(world: World): Promise<string> {
  const receiver = await startCommand(world, ['-p', 'sandbox', 'listen']);
  const made = await world.cli(...CALL, '--push', receiver.url, '--query', 'item.sessionId');
  await receiver.stop();
  return made.stdout.trim();
}

describe('wait', () => {
  it('finds the CDR of a session that is in the journal already', async () => {
    const world = await openWorld();
    const session = await callAndKeep(world);
    const found = await world.cli(...WAIT, '--for', 'cdr', '--session', session, '--timeout', '60s', '--json');
    expect(found).toMatchObject({
      code: 0,
      stderr: '',
      json: { kind: 'RecordList', count: 1, items: [{ kind: 'CallRecord', sessionId: session }] },
    });
  });

  it('waits for what comes: a call that is made while it waits', async () => {
    const world = await openWorld();
    const receiver = await startCommand(world, ['-p', 'sandbox', 'listen']);
    const waiting = world.cli(...WAIT, '--for', 'event', '--event', 'disconnect', '--since', '1h', '-o', 'ndjson');
    const made = await world.cli(...CALL, '--push', receiver.url, '--query', 'item.sessionId');
    const found = await waiting;
    expect(found.code).toBe(0);
    expect(JSON.parse(found.stdout)).toMatchObject({ type: 'disconnect', sessionId: made.stdout.trim() });
    await receiver.stop();
  });

  it('counts, and chooses by X', async () => {
    const world = await openWorld();
    await callAndKeep(world);
    await callAndKeep(world);
    const both = await world.cli(...WAIT, '--for', 'cdr', '-x', '0201', '--count', '2', '--since', '1h', '--json');
    expect(both).toMatchObject({ code: 0, json: { count: 2 } });
    const other = await world.cli(
      ...WAIT,
      '--for',
      'cdr',
      '-x',
      '0202',
      '--since',
      '1h',
      '--timeout',
      '300ms',
      '--json',
    );
    expect(other).toMatchObject({ code: 10, json: { count: 0 } });
  });

  it('ends with 10 and says how many came when the time is over', async () => {
    const world = await openWorld();
    await callAndKeep(world);
    const late = await world.cli(...WAIT, '--for', 'cdr', '--count', '2', '--since', '1h', '--timeout', '1s', '--json');
    expect(late).toMatchObject({ code: 10, json: { count: 1 } });
    expect(late.error).toMatchObject({ code: 'expectation-failed', exitCode: 10, message: '1 of 2 cdr after 1s' });
  });

  it('does not count what was there, without a session and without --since', async () => {
    const world = await openWorld();
    await callAndKeep(world);
    expect(await world.cli(...WAIT, '--for', 'cdr', '--timeout', '300ms', '--json')).toMatchObject({
      code: 10,
      json: { count: 0 },
    });
  });

  it('says at once that an event is none of the documented ones, and waits all the same', async () => {
    const world = await openWorld();
    const typed = await world.cli(...WAIT, '--for', 'event', '--event', 'Answer', '--timeout', '100ms', '-o', 'ndjson');
    expect(typed.code).toBe(10);
    expect(typed.stderr.split('\n')[0]).toBe(
      'warning: --event Answer is none of the documented ones: callin, collectInfo, callout, alerting, answer, disconnect',
    );
  });

  it('ends with the code of the signal when it is stopped', async () => {
    const world = await openWorld();
    const stopping = new AbortController();
    const waiting = world.run([...WAIT, '--for', 'sms', '-o', 'ndjson'], { signal: stopping.signal });
    stopping.abort(new AppError('terminated', 'stopped by SIGTERM'));
    expect((await waiting).code).toBe(143);
  });

  it.each([
    [[], 'flag-missing'],
    [['--for', 'call'], 'flag-invalid'],
    [['--for', 'cdr', '--event', 'answer'], 'flag-conflict'],
    [['--for', 'sms', '--session', 'one'], 'flag-conflict'],
    [['--for', 'cdr', '--count', '0'], 'flag-invalid'],
    [['--for', 'cdr', '-x', 'none'], 'flag-invalid'],
    [['--for', 'cdr', '--since', 'soon'], 'flag-invalid'],
  ])('refuses %j', async (flags, code) => {
    const world = await openWorld();
    const refused = await world.cli(...WAIT, ...flags, '--json');
    expect(refused).toMatchObject({ code: 2, stdout: '', error: { code } });
  });
});
