import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWorld, type World } from '../helpers/world.js';
import { TLS_TEST_CERTIFICATE, TLS_TEST_KEY } from '../unit/platform/tls-test-certificate.js';

/** Commands that need the platform. */
const LINES = [
  ['bind', '-a', '13800000001', '-b', '13800000002', '-x', '17000000201'],
  ['unbind', '--id', 'some-id'],
  ['unbind', '-x', '17000000201', '--yes'],
  ['update', '--id', 'some-id', '-b', '13800000002'],
  ['query', '--id', 'some-id'],
  ['query', '-x', '17000000201', '--all'],
  ['hangup', 'some-session'],
  ['recordings', 'url', '--file', 'record.wav', '--domain', 'storage.example.com'],
  ['api', 'GET', '/rest/caas/relationnumber/partners/v1.0?subscriptionId=some-id'],
  ['doctor'],
];

async function worldWithDeadNetwork(): Promise<World> {
  const world = await openWorld({ PRIVACY_CALL_RETRIES: '0' });
  const argv = ['login', 'shop', '--app-key', 'shop-key', '--mode', 'axb', '--endpoint', 'http://127.0.0.1:1'];
  await world.run([...argv, '--secret-stdin'], { stdin: 'shop-secret' });
  return world;
}

describe('X6: a dead network', () => {
  it.each(LINES.map((line) => [line.join(' '), line] as const))('%s: exit 8, one sentence', async (_, line) => {
    const world = await worldWithDeadNetwork();
    const failed = await world.cli(...line);
    expect(failed.code).toBe(8);
    expect(failed.stderr).toMatch(/^error: [^\n]+\n(hint: {2}[^\n]+\n)?$/);
    expect(failed.stderr).toContain('127.0.0.1');
    const json = await world.cli(...line, '--json');
    expect(json.error).toMatchObject({ code: 'network-unreachable', exitCode: 8 });
  });

  it('also for an AX profile: callee', async () => {
    const world = await worldWithDeadNetwork();
    const callee = ['callee', '--id', 'some-id', '--to', '13800000002', '--json'];
    const failed = await world.run(callee, { env: { PRIVACY_CALL_MODE: 'ax' } });
    expect(failed.error).toMatchObject({ code: 'network-unreachable', exitCode: 8 });
    expect((await world.cli(...callee)).error).toMatchObject({ code: 'mode-mismatch', exitCode: 4 });
  });

  it('shows the stack with --verbose', async () => {
    const world = await worldWithDeadNetwork();
    expect((await world.cli('query', '--id', 'some-id', '--verbose')).stderr).toMatch(/\n {4}at /);
  });

  it('leaves no binding in the ledger where nothing can have been bound', async () => {
    const world = await worldWithDeadNetwork();
    await world.cli('bind', '-a', '13800000001', '-b', '13800000002', '-x', '17000000201');
    const list = await world.cli('bindings', 'list', '--state', 'all', '--json');
    expect(list.json).toMatchObject({ count: 0 });
  });

  it('is a bad verdict for a replay, not an end of it', async () => {
    const world = await openWorld();
    const push = { eventType: 'fee', feeLst: [{ sessionId: 's', callInTime: '2026-11-22 00:00:00' }] };
    await world.write('cdr.json', JSON.stringify(push));
    const failed = await world.cli('replay', 'cdr.json', '--to', 'http://127.0.0.1:1', '--json');
    expect(failed).toMatchObject({ code: 10, json: { count: 1, items: [{ ok: false }] } });
  });
});

describe('--ca-file', () => {
  /** A profile whose platform has a certificate of its own, and answers nothing of use. */
  async function worldWithOwnAuthority(): Promise<World> {
    const server = createServer({ cert: TLS_TEST_CERTIFICATE, key: TLS_TEST_KEY }, (_, response) => response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const world = await openWorld({ PRIVACY_CALL_RETRIES: '0' });
    const argv = ['login', 'shop', '--app-key', 'k', '--mode', 'axb', '--endpoint', `https://localhost:${port}`];
    await world.run([...argv, '--secret-stdin'], { stdin: 'shop-secret' });
    return world;
  }
  const query = ['query', '--id', 'some-id', '--json'];

  it('is read from the working folder, also as PowerShell writes it', async () => {
    const world = await worldWithOwnAuthority();
    expect((await world.cli(...query)).error).toMatchObject({ code: 'network-tls' });
    await world.write('ca.pem', Buffer.from(`\uFEFF${TLS_TEST_CERTIFICATE}`, 'utf16le'));
    expect((await world.cli(...query, '--ca-file', 'ca.pem')).error).toMatchObject({ code: 'answer-unreadable' });
  });

  it('that is not there is named, before anything is sent', async () => {
    const world = await worldWithOwnAuthority();
    const { error } = await world.cli(...query, '--ca-file', 'none.pem');
    expect(error).toMatchObject({ code: 'input-unreadable', exitCode: 2 });
    expect((error as { message: string }).message).toContain('--ca-file none.pem');
  });
});

describe('X6: no place for files', () => {
  it.each([
    ['bindings', 'list'],
    ['query', '--mode', 'axb', '--id', 'some-id'],
    ['config', 'list'],
    ['login', 'shop', '--app-key', 'k', '--secret-stdin'],
    ['doctor'],
  ])('without HOME: %s %s', async (...argv) => {
    const world = await openWorld();
    const failed = await world.run(argv.flat(), { env: { HOME: undefined }, stdin: 'secret' });
    expect(failed.code).toBe(2);
    expect(failed.stderr).toMatch(/^error: neither XDG_CONFIG_HOME nor HOME is set[^\n]*\nhint: [^\n]*\n$/);
  });

  it.each([
    [['-p', 'sandbox', 'bindings', 'list']],
    [['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', '13800000001', '-b', '13800000002']],
    [['-p', 'sandbox', 'cdr', 'list']],
    [['-p', 'sandbox', 'listen', '--port', '0']],
    [['sandbox', 'clock']],
    [['sandbox', 'start', '--port', '0']],
  ])('where a file stands in the way: %j', async (argv) => {
    const world = await openWorld();
    await world.write('.local', 'a file');
    const failed = await world.cli(...argv);
    expect(failed.code).toBe(14);
    expect(failed.stderr).toMatch(/^error: [^\n]+\n(hint: {2}[^\n]+\n)?$/);
  });

  it('where the settings cannot be kept', async () => {
    const world = await openWorld();
    await world.write('.config', 'a file');
    for (const argv of [
      ['config', 'set', 'tz', 'UTC'],
      ['login', 'shop', '--app-key', 'k', '--secret-stdin'],
    ]) {
      const failed = await world.run(argv, { stdin: 'secret' });
      expect(failed.code).toBe(14);
      expect(failed.stderr).toMatch(/^error: [^\n]+\n(hint: {2}[^\n]+\n)?$/);
    }
  });

  it('where the configuration is damaged: the file is named', async () => {
    const world = await openWorld();
    await world.write('.config/privacy-call/config.json', '{');
    const failed = await world.cli('bindings', 'list', '--json');
    expect(failed.error).toMatchObject({ code: 'config-invalid', exitCode: 2 });
    expect((failed.error as { message: string }).message).toContain('config.json');
  });
});
