import { expect, it } from 'vitest';
import { openWorld, type World } from '../../helpers/world.js';

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
