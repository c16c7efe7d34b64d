import { amount } from '../helpers/nightly.js';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { until } from '../helpers/bin.js';
import { seededRandom } from '../helpers/receiver-process.js';
import { openShop, type RecordingShop } from '../helpers/recording-shop.js';

/** The command of `--exec` runs for each saved file at least once, however often the program is killed. */

const SEED = Number(process.env.RECORDINGS_SEED ?? Math.floor(Math.random() * 1e9));
const KILLS = amount('RECORDINGS_KILLS', 6, 60);

/** A command that writes the session into a file: at its start, and at its end where it is let go on. */
async function tellingCommand(shop: RecordingShop, end: string): Promise<readonly [string, string]> {
  const script = join(shop.world.folder, 'tell.cjs');
  const told = join(shop.world.folder, 'told');
  await writeFile(
    script,
    `const { appendFileSync } = require('fs');
const [told, session] = [${JSON.stringify(told)}, process.env.PRIVACY_CALL_SESSION];
appendFileSync(told, 'started ' + session + '\\n');
const done = () => appendFileSync(told, 'done ' + session + '\\n');
${end}`,
  );
  return [`${process.execPath} ${script}`, told];
}

function toldIn(file: string, what: 'started' | 'done'): string[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line.startsWith(`${what} `)).map((line) => line.slice(what.length + 1));
}

describe('recordings download --exec', () => {
  it('killed while the command runs: the next run with --exec runs it, and only that one', async () => {
    const shop = await openShop({ recordings: 2, seconds: 3, seed: 1 });
    const gate = join(shop.world.folder, 'gate');
    // Ends with the program, as a command does whose parent is gone: nobody is left to hear of it.
    const end = `const parent = process.ppid;
setInterval(() => {
  if (require('fs').existsSync(${JSON.stringify(gate)})) done();
  else if (process.ppid === parent) return;
  process.exit();
}, 10);`;
    const [command, told] = await tellingCommand(shop, end);
    const run = shop.download('--concurrency', '1', '--exec', command, '-o', 'ndjson');
    const running = shop.world.start(run);
    await until(() => toldIn(told, 'started').length === 1);
    await running.stop('SIGKILL');
    const [first] = toldIn(told, 'started');
    expect(toldIn(told, 'done')).toEqual([]);

    // A run without a command neither runs it nor forgets it.
    expect((await shop.world.run(shop.download('-o', 'ndjson'))).code).toBe(0);
    expect(toldIn(told, 'done')).toEqual([]);

    await writeFile(gate, '');
    expect((await shop.world.run(run)).code).toBe(0);
    // The other one was saved by a run without a command: nothing was promised to it.
    expect(toldIn(told, 'done')).toEqual([first]);
    expect((await shop.world.run(run)).code).toBe(0);
    expect(toldIn(told, 'done')).toEqual([first]);
    const verified = await shop.world.json(['-p', 'shop', 'recordings', 'verify', '--dir', shop.dir, '--json']);
    expect(verified).toMatchObject({ whole: 2, items: [] });
  });

  it(
    `SIGKILL × ${KILLS} at random moments: each file has had its command (seed ${SEED})`,
    { timeout: 120_000 + KILLS * 5000 },
    async () => {
      const count = 40;
      const random = seededRandom(SEED);
      const shop = await openShop({ recordings: count, seconds: 3, seed: SEED });
      // Long enough to be met by a kill, and of no effect without its parent.
      const end = 'const parent = process.ppid; setTimeout(() => process.ppid === parent && done(), 80);';
      const [command, told] = await tellingCommand(shop, end);
      const run = shop.download('--concurrency', '4', '--exec', command, '-o', 'ndjson');
      let killed = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        const before = toldIn(told, 'started').length;
        const running = shop.world.start(run);
        let over = false;
        void running.ended.then(() => (over = true));
        await until(() => toldIn(told, 'started').length > before || over);
        // The moment of the kill is what is tried.
        await delay(random() * 100);
        if ((await running.stop('SIGKILL')).signal === 'SIGKILL') killed += 1;
      }
      expect((await shop.world.run(run)).code).toBe(0);
      const done = toldIn(told, 'done');
      console.log(
        `--exec seed ${SEED}: ${killed} of ${KILLS} kills hit, ${count} files, ${done.length} commands ended, ${toldIn(told, 'started').length} started`,
      );
      expect(new Set(done).size).toBe(count);
      expect(killed).toBeGreaterThan(0);
      // What has ended well is not run again, but for those under way at a kill.
      expect(done.length).toBeLessThanOrEqual(count + 4 * killed);
      const quiet = done.length;
      expect((await shop.world.run(run)).code).toBe(0);
      expect(toldIn(told, 'done')).toHaveLength(quiet);
    },
  );
});
