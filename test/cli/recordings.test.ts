import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openWorld, type World } from '../helpers/world.js';

/** A recorded call of 65 seconds, its CDR in `calls/cdr.json`. */
async function worldWithCall(): Promise<World> {
  const world = await openWorld();
  const pair = [
    '-a',
    '13800000001',
    '-b',
    '13800000002',
    '-x',
    '17000000201',
    '--record',
    '--record-tone',
    'notice.wav',
  ];
  expect((await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', ...pair)).code).toBe(0);
  const call = ['--from', '13800000002', '--to', '17000000201', '--talk', '65s', '--query', 'item.raw', '--json'];
  const made = await world.cli('sandbox', 'call', ...call);
  expect(made.code).toBe(0);
  await world.write('calls/cdr.json', JSON.stringify({ eventType: 'fee', feeLst: [made.json] }));
  return world;
}

describe('recordings', () => {
  it('are listed, addressed, downloaded whole and archived, once', async () => {
    const world = await worldWithCall();
    const list = await world.cli('-p', 'sandbox', 'recordings', 'list', 'calls', '--json');
    expect(list.json).toMatchObject({
      kind: 'RecordingList',
      items: [{ state: 'waiting', talkSeconds: 65, hoursLeft: 168, fetchBy: '2026-11-29T08:00:00+08:00' }],
    });

    const download = ['-p', 'sandbox', 'recordings', 'download', 'calls', '--dir', 'saved', '--json'];
    const saved = await world.cli(...download);
    expect(saved).toMatchObject({ code: 0, json: { count: 1, items: [{ state: 'saved', durationSeconds: 65 }] } });
    const { file, sizeBytes } = (saved.json as { items: { file: string; sizeBytes: number }[] }).items[0]!;
    const path = file.startsWith('/') ? file : world.path(`saved/${file}`);
    expect((await stat(path)).size).toBe(sizeBytes);
    expect(file).not.toContain('13800000002');

    expect((await world.cli(...download)).json).toMatchObject({ items: [{ state: 'already' }] });
    const after = await world.cli('-p', 'sandbox', 'recordings', 'list', 'calls', '--query', 'items[].state');
    expect(after.stdout).toBe('archived\n');
  });

  it('have an address that needs no signature', async () => {
    const world = await worldWithCall();
    const url = await world.cli('-p', 'sandbox', 'recordings', 'url', 'calls', '--query', 'items[].url');
    expect(url.stdout).toMatch(/^https?:\/\/\S+\n$/);
    const zero = await world.cli('-p', 'sandbox', 'recordings', 'url', 'calls', '--print0');
    expect(zero.stdout).toMatch(/^https?:\/\/\S+\0$/);
  });

  it('have an address by file name and domain', async () => {
    const world = await worldWithCall();
    const query = ['--query', 'items[0].[fileName, domain][]'];
    const place = await world.cli('-p', 'sandbox', 'recordings', 'list', 'calls', ...query);
    const [file = '', domain = ''] = place.stdout.trim().split('\n');
    const url = await world.cli(
      '-p',
      'sandbox',
      'recordings',
      'url',
      '--file',
      file,
      '--domain',
      domain,
      '--mode',
      'axb',
    );
    expect(url.code).toBe(0);
    const half = await world.cli('-p', 'sandbox', 'recordings', 'url', '--file', file, '--json');
    expect(half.error).toMatchObject({ code: 'flag-missing' });
  });

  it('are not fetched with --dry-run', async () => {
    const world = await worldWithCall();
    const shown = await world.cli('-p', 'sandbox', 'recordings', 'download', 'calls', '--dir', 'saved', '-n', '--json');
    expect(shown.json).toMatchObject({
      items: [{ state: 'waiting' }],
      warnings: ['nothing was downloaded (--dry-run)'],
    });
    await expect(stat(world.path('saved'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('are lost after seven days, and that can be an alarm', async () => {
    const world = await worldWithCall();
    const list = ['-p', 'sandbox', 'recordings', 'list', 'calls'];
    world.advance(6.5 * 86_400_000);
    expect((await world.cli(...list, '--expiring', '24h', '--query', 'items[].hoursLeft')).stdout).toBe('12\n');
    expect((await world.cli(...list, '--fail-on-expired')).code).toBe(0);
    world.advance(86_400_000);
    expect((await world.cli(...list, '--fail-on-expired', '--json')).error).toMatchObject({ code: 'recording-lost' });
    const download = [
      '-p',
      'sandbox',
      'recordings',
      'download',
      'calls',
      '--dir',
      'saved',
      '--fail-on-expired',
      '--json',
    ];
    const lost = await world.cli(...download);
    expect(lost).toMatchObject({ code: 11, json: { items: [{ state: 'expired' }] } });
  });

  it('are nothing to do where there are none', async () => {
    const world = await openWorld();
    const nothing = await world.cli('-p', 'sandbox', 'recordings', 'download', '--json');
    expect(nothing).toMatchObject({ code: 0, json: { items: [], count: 0 } });
  });
});
