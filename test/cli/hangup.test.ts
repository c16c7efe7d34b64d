import { describe, expect, it } from 'vitest';
import { openWorld } from '../helpers/world.js';

describe('hangup', () => {
  it('ends a running call, once', async () => {
    const world = await openWorld();
    await world.cli(
      '-p',
      'sandbox',
      'bind',
      '--mode',
      'axb',
      '-a',
      '13800000001',
      '-b',
      '13800000002',
      '-x',
      '17000000201',
    );
    const call = ['sandbox', 'call', '--from', '13800000002', '--to', '17000000201', '--running'];
    const session = (await world.cli(...call, '--query', 'item.sessionId')).stdout.trim();
    const hangup = ['-p', 'sandbox', 'hangup', session, '--mode', 'axb', '--json'];
    expect((await world.cli(...hangup)).json).toEqual({ kind: 'HangUp', item: { sessionId: session } });
    expect((await world.cli(...hangup)).error).toMatchObject({ code: 'session-not-found', exitCode: 5 });
  });

  it('shows the request with --dry-run', async () => {
    const world = await openWorld();
    const shown = await world.cli('-p', 'sandbox', 'hangup', 'some@session', '--mode', 'axb', '--dry-run', '--json');
    expect(shown.json).toMatchObject({
      kind: 'Request',
      item: { method: 'POST', body: { sessionid: 'some@session' } },
    });
  });
});
