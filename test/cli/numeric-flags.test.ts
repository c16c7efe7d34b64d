import { describe, expect, it } from 'vitest';
import { openWorld } from '../helpers/world.js';

const FORWARD = '-p sandbox listen --port 0 --forward-to http://127.0.0.1:9/';
const CALL = 'sandbox call --from 13800000001 --to 17000000301';
const BULK = '-p sandbox bind --mode axb --file rows.csv --dry-run';
const REPLAY = 'replay calls.ndjson --to http://127.0.0.1:9/';

/** A flag with a value that it cannot mean, and what is said of it. */
const REFUSED: readonly (readonly [line: string, flag: string, message: string])[] = [
  ['-p sandbox listen', '--port x', 'must be a port from 0 to 65535'],
  ['-p sandbox listen', '--port 65536', 'must be a port from 0 to 65535'],
  ['-p sandbox listen --port 0', '--max-body x', 'must be a size in bytes such as 1048576, 800K or 2M'],
  ['-p sandbox listen --port 0', '--max-connections 0', 'must be a whole number of at least 1'],
  [FORWARD, '--forward-timeout 0', 'must not be 0'],
  [FORWARD, '--forward-timeout 25d', 'must be at most 24h'],
  [FORWARD, '--forward-concurrency x', 'must be a whole number of at least 1'],
  [`${FORWARD} --forward-mode sync`, '--answer-within 0', 'must not be 0'],
  [`${FORWARD} --forward-mode sync`, '--answer-within 25d', 'must be at most 24h'],
  ['-p sandbox listen --port 0 --exec true', '--exec-timeout 0', 'must not be 0'],
  ['-p sandbox listen --port 0 --exec true', '--exec-timeout 25d', 'must be at most 24h'],
  ['-p sandbox listen --port 0 --exec true', '--exec-concurrency 0', 'must be a whole number of at least 1'],
  ['sandbox start', '--port x', 'must be a port from 0 to 65535'],
  ['sandbox start --port 0', '--seed -1', 'must be a whole number from 0 to 2^31'],
  ['sandbox start --port 0', '--clock nonsense', 'not a time'],
  ['sandbox reset --yes', '--seed -1', 'must be a whole number from 0 to 2^31'],
  ['sandbox traffic --push http://127.0.0.1:9/', '--seed x', 'must be a whole number from 0 to 2^31'],
  ['sandbox traffic --push http://127.0.0.1:9/', '--for 25d', 'must be at most 24d'],
  ['sandbox traffic --push http://127.0.0.1:9/', '--rate 10/m', 'must be calls a second such as 50/s'],
  ['sandbox fault slow', '--share 0x1', 'must be a number above 0, at most 1'],
  ['sandbox fault slow', '--share 0', 'must be a number above 0, at most 1'],
  ['sandbox fault slow', '--count 1000001', 'must be a whole number from 1 to 1000000'],
  ['sandbox fault slow', '--delay 11m', 'must be at most 10m'],
  ['sandbox fault 5xx', '--status 600', 'must be a whole number from 500 to 599'],
  ['sandbox fault redirect', '--status 300', 'must be 301, 302, 303, 307, 308 for redirect'],
  [CALL, '--digits x', 'must be keys of a telephone: 0 to 9, * and #'],
  [CALL, '--answer-wait 61s', 'must be at most 60s'],
  [CALL, '--time-scale 0.001x', 'must be a factor of at least 0.01x'],
  [BULK, '--pause 25h', 'must be at most 24h'],
  [BULK, '--max-errors x', 'must be a whole number, or a share such as 5%'],
  [BULK, '--max-errors 101%', 'must be a whole number, or a share such as 5%'],
  [REPLAY, '--max-latency 0', 'must not be 0'],
  [REPLAY, '--rate 0.5', 'must be pushes a second such as 50/s'],
  [`${REPLAY} --as-platform`, '--time-scale 0.001x', 'must be a factor of at least 0.01x'],
];

describe('a flag that takes a number or a time', () => {
  it.each(REFUSED)('%s %s', async (line, flag, message) => {
    const world = await openWorld();
    await world.write('rows.csv', 'a,b,area\n13800000001,13800000002,0755\n');
    await world.write('calls.ndjson', '{"eventType":"fee","feeLst":[]}\n');
    const refused = await world.run([...line.split(' '), ...flag.split(' ')], {
      env: { PRIVACY_CALL_OUTPUT: 'json' },
      // What is taken after all does not listen for ever.
      signal: AbortSignal.timeout(4000),
    });
    expect(refused.error).toMatchObject({ code: 'flag-invalid', exitCode: 2, message: `${flag}: ${message}` });
  });

  it('takes the largest value that help and errors name', async () => {
    const world = await openWorld();
    const largest = [
      'sandbox reset --yes --seed 2147483648',
      'sandbox fault slow --count 1000000 --delay 10m --share 1',
      'sandbox fault 5xx --status 599',
      'sandbox fault clear',
      'sandbox call --from 13800000001 --to 17000000301 --digits 12*# --answer-wait 60s --time-scale 0.01x',
    ];
    for (const line of largest) expect(await world.cli(...line.split(' ')), line).toMatchObject({ code: 0 });
  });

  it('takes no larger seed than the sandbox', async () => {
    const world = await openWorld();
    const { error } = await world.cli('sandbox', 'reset', '--yes', '--seed', '2147483649', '--json');
    expect(error).toMatchObject({ message: '--seed ****3649: must be a whole number from 0 to 2^31' });
  });

  it('moves the clock of the sandbox no further than to a year that can be written', async () => {
    const world = await openWorld();
    const refused = await world.cli('sandbox', 'clock', '--advance', '9999999d', '--json');
    expect(refused.error).toMatchObject({
      code: 'flag-invalid',
      message: 'the clock cannot stand after the year 9999',
    });
  });
});
