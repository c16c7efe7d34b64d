import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCommand } from '../helpers/running.js';
import { openWorld, type World } from '../helpers/world.js';

/** A receiver that is away for hours while the platform pushes by its timetable. */

const SEED = Number(process.env.OUTAGES_SEED ?? Math.floor(Math.random() * 2 ** 31));
const CALLS = 40;
const MINUTE_MS = 60_000;
/** When the platform tries, minutes after the first push. Source: privatenumber_02_0006a (read 2026-07). */
const TRIES = [0, 1, 4, 9, 106, 203, 300];
/** Calls come in so many minutes; the last tries are 300 later. */
const SHIFT = 1200;

/** Whole numbers from 0 to below `most`, the same for the same seed. */
function dice(seed: number): (most: number) => number {
  let state = seed >>> 0;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

interface Outage {
  /** Minutes since the start; both end on a half, so that no try falls on them. */
  readonly from: number;
  readonly until: number;
}

/** Short ones that the timetable survives, and one that is longer than it. */
function drawOutages(roll: (most: number) => number): Outage[] {
  const short = Array.from({ length: 8 }, () => {
    const from = roll(SHIFT) + 0.5;
    return { from, until: from + 1 + roll(150) };
  });
  const from = 200 + roll(500) + 0.5;
  return [...short, { from, until: from + 310 + roll(120) }];
}

const isAway = (outages: readonly Outage[], minute: number): boolean =>
  outages.some(({ from, until }) => from < minute && minute < until);

/** A fixed address before a receiver that comes and goes: without one, connections break. */
async function gate(target: () => string | undefined): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const url = target();
    if (url === undefined) {
      incoming.socket.destroy();
      return;
    }
    const onward = request(url, { method: 'POST', headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502);
      answer.pipe(outgoing);
    });
    onward.on('error', () => {
      incoming.socket.destroy();
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function sessionsIn(world: World, ...argv: string[]): Promise<string[]> {
  const { code, stdout } = await world.cli('-p', 'sandbox', ...argv);
  expect(code).toBe(0);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('a receiver that is away for hours', () => {
  it(`R14: loses just the CDRs whose seven tries all fall into its outages, and audit names each (seed ${SEED})`, async () => {
    const roll = dice(SEED);
    const outages = drawOutages(roll);
    const callsAt = Array.from({ length: CALLS }, () => roll(SHIFT)).sort((one, other) => one - other);
    const world = await openWorld();
    const start = world.now().getTime();
    const options = { now: (): Date => world.now() };
    const steady = await startCommand(world, ['-p', 'sandbox', 'listen', '-q'], options);
    let receiver: Awaited<ReturnType<typeof startCommand>> | undefined;
    let restarts = 0;
    const cdrs = await gate(() => receiver?.url);

    const instants = [...new Set(callsAt.flatMap((minute) => TRIES.map((after) => minute + after)))];
    instants.sort((one, other) => one - other);
    const lost: string[] = [];
    for (const minute of instants) {
      world.advance(start + minute * MINUTE_MS - world.now().getTime());
      const away = isAway(outages, minute);
      if (away && receiver !== undefined) {
        await receiver.stop();
        receiver = undefined;
      }
      if (!away && receiver === undefined) {
        receiver = await startCommand(world, ['-p', 'sandbox', 'listen', '-q'], options);
        restarts += 1;
      }
      // Whoever talks to the sandbox makes the tries that are due.
      await world.cli('sandbox', 'clock');
      for (const call of callsAt.filter((at) => at === minute)) {
        const argv = ['sandbox', 'call', '--from', '13800000001', '--to', '17000000201'];
        const query = ['--push-event', steady.url, '--push-cdr', cdrs, '--query', 'item.sessionId'];
        const { code, stdout } = await world.cli(...argv, ...query);
        expect(code).toBe(0);
        if (TRIES.every((after) => isAway(outages, call + after))) lost.push(stdout.trim());
      }
    }
    await receiver?.stop();
    await steady.stop();

    world.advance(11 * 60 * MINUTE_MS);
    const kept = await sessionsIn(world, 'cdr', 'list', '--query', 'items[].sessionId');
    const named = await sessionsIn(
      world,
      ...['audit', '--check', 'cdrs', '--examples', 'all', '--query', "items[?code=='cdr-missing'].examples[]"],
    );
    console.log(
      `R14: ${CALLS} calls, ${kept.length} CDRs found, ${lost.length} lost as the timetable says, ${named.length} named, ` +
        `${restarts} starts of the receiver (seed ${SEED})`,
    );
    expect(kept).toHaveLength(CALLS - lost.length);
    expect(named.sort()).toEqual(lost.sort());
    expect(kept.filter((session) => lost.includes(session))).toEqual([]);
  });
});
