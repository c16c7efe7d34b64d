import { expect, it } from 'vitest';
import { startCommand } from '../../helpers/running.js';
import { openWorld, type World } from '../../helpers/world.js';
import { openBench } from './download-bench.js';

async function worldWithCall(): Promise<World> {
  const world = await openWorld();
  const pair = ['-a', '13800000001', '-b', '13800000002', '-x', '17000000201', '--record'];
  await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', ...pair);
  const call = ['--from', '13800000002', '--to', '17000000201', '--talk', '65s', '--query', 'item.raw', '--json'];
  const made = await world.cli('sandbox', 'call', ...call);
  await world.write('calls/cdr.json', JSON.stringify({ eventType: 'fee', feeLst: [made.json] }));
  return world;
}

it.each([
  ['D23', ['not-audio', '--count', '1'], 0],
  ['D12', ['expired-address', '--count', '1'], 0],
  ['D12', ['expired-address'], 3],
  ['D5', ['cut', '--path', 'storage', '--count', '1'], 0],
  ['D9', ['redirect', '--count', '3'], 0],
  ['D9', ['redirect', '--count', '1', '--status', '308'], 0],
  ['D9', ['redirect'], 3],
  ['D8', ['stall', '--delay', '0', '--count', '1'], 0],
])('%s sandbox fault %j: recordings download ends with %i', async (_, fault, code) => {
  const world = await worldWithCall();
  expect((await world.cli('sandbox', 'fault', ...fault)).code).toBe(0);
  const download = ['-p', 'sandbox', 'recordings', 'download', 'calls', '--dir', 'saved', '--json'];
  expect((await world.cli(...download)).code).toBe(code);
  await world.cli('sandbox', 'fault', 'clear');
  expect((await world.cli(...download)).json).toMatchObject({ items: [{ state: code === 0 ? 'already' : 'saved' }] });
});

it.each(['range-ignored', 'etag-changed'])('D5 sandbox fault %s: the whole file, from its first byte', async (kind) => {
  const world = await worldWithCall();
  await world.cli('sandbox', 'fault', 'cut', '--path', 'storage', '--count', '1');
  await world.cli('sandbox', 'fault', kind);
  const download = ['-p', 'sandbox', 'recordings', 'download', 'calls', '--dir', 'saved', '--json'];
  expect((await world.cli(...download)).json).toMatchObject({ items: [{ state: 'saved', durationSeconds: 65 }] });
});

it.each(['301', '302', '303', '307', '308'])('D9 sandbox fault redirect --status %s is one hop', async (status) => {
  const world = await worldWithCall();
  const { stdout } = await world.cli(
    '-p',
    'sandbox',
    'recordings',
    'url',
    'calls',
    '--query',
    'items[0].url',
    '--json',
  );
  const address = new URL(JSON.parse(stdout) as string);
  const { url } = await startCommand(world, ['sandbox', 'start']);
  await world.cli('sandbox', 'fault', 'redirect', '--count', '1', '--status', status);
  const hop = await fetch(`${url}${address.pathname}${address.search}`, { redirect: 'manual' });
  expect(hop.status).toBe(Number(status));
  const target = new URL(hop.headers.get('location') ?? '', url);
  expect((await fetch(target)).headers.get('content-length')).toBe(String(65 * 8000 + 58));
});

it.each([
  ['--status', '304'],
  ['--status', '200'],
])('sandbox fault redirect refuses %s %s', async (...flags) => {
  const world = await openWorld();
  expect((await world.cli('sandbox', 'fault', 'redirect', ...flags)).code).toBe(2);
});

it.each(['stall', 'drip'])('D8 sandbox fault %s is left after a while, and what came is kept', async (kind) => {
  const world = await worldWithCall();
  const found = await world.cli('-p', 'sandbox', 'recordings', 'url', 'calls', '--query', 'items[0].url', '--json');
  const address = new URL(JSON.parse(found.stdout) as string);
  const { url, stop } = await startCommand(world, ['sandbox', 'start']);
  await world.cli('sandbox', 'fault', kind, '--count', '1');
  const bench = await openBench(url);
  const recordingAddress = (): Promise<string> => Promise.resolve(`${url}${address.pathname}${address.search}`);
  const platform = { ...bench.parts.platform, recordingAddress };
  const pace = { idleMs: 200, windowBytes: 1000, windowMs: 400 };
  const { entry } = await bench.download({ pace }, { platform });
  expect(entry.durationSeconds).toBe(65);
  expect(bench.pauses).toHaveLength(1);
  // The stalled answer must not keep the sandbox from ending.
  expect((await stop()).code).toBe(0);
});
