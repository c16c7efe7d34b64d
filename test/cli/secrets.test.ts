import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startCommand } from '../helpers/running.js';
import { openWorld, type Outcome, type RunOptions, type World } from '../helpers/world.js';

const CDR = fileURLToPath(new URL('../fixtures/platform/axb-cdr.json', import.meta.url));
const CANARY = 'Kanari/Geheim+0815==&%Vogel';
const KEY = 'a1d1f50cad21415fbdd13d8f53d36d60';

/** The secret as it could show up: plain, encoded for an address or JSON, in hex, in base64 at each of the three alignments. */
function traces(secret: string): string[] {
  const base64 = [0, 1, 2].map((offset) => {
    const whole = Buffer.from('.'.repeat(offset) + secret).toString('base64');
    // The first and last characters depend on the neighbours.
    return whole.slice(offset === 0 ? 0 : 4, -4);
  });
  return [
    secret,
    encodeURIComponent(secret),
    encodeURI(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('hex'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

function expectNoTrace(text: string, where: string): void {
  for (const trace of traces(CANARY)) expect(text.includes(trace), `${where} shows ${trace}`).toBe(false);
}

function expectQuiet(outcome: Outcome, argv: readonly string[]): void {
  expectNoTrace(outcome.stdout, `stdout of ${argv.join(' ')}`);
  expectNoTrace(outcome.stderr, `stderr of ${argv.join(' ')}`);
}

async function expectCleanFiles(world: World): Promise<void> {
  const files = await world.files();
  for (const file of files.filter((path) => basename(path) !== 'credentials.json')) {
    expectNoTrace(await readFile(file, 'latin1'), file);
  }
}

/** Every command once, as a user would type it. */
function commandLines(url: string): readonly (readonly string[])[] {
  return [
    ['bind', '-a', '13800000001', '-b', '13800000002', '-x', '17000000201'],
    ['unbind', '--id', 'some-id'],
    ['unbind', '-x', '17000000201', '--yes'],
    ['update', '--id', 'some-id', '-b', '13800000002'],
    ['query', '--id', 'some-id'],
    ['callee', '--id', 'some-id', '--to', '13800000002'],
    ['hangup', 'some-session'],
    ['bindings', 'list'],
    ['bindings', 'show', 'some-id'],
    ['numbers', 'list'],
    ['numbers', 'import', '--records', CDR],
    ['recordings', 'list', CDR],
    ['recordings', 'url', CDR],
    ['recordings', 'download', CDR, '--dir', 'recordings'],
    ['inspect', CDR],
    ['cdr', 'list'],
    ['sms', 'list'],
    ['events', 'list'],
    ['explain', '8014'],
    ['listen', '--port', '99999'],
    ['replay', CDR, '--to', url, '--resign'],
    ['sandbox', 'call', '--from', '13800000002', '--to', '17000000201'],
    ['sandbox', 'fault'],
    ['sandbox', 'clock'],
    ['profiles', 'list'],
    ['profiles', 'show', 'shop'],
    ['profiles', 'use', 'shop'],
    ['config', 'list'],
    ['config', 'get', 'endpoint'],
    ['doctor'],
    ['api', 'GET', '/rest/caas/relationnumber/partners/v1.0?subscriptionId=some-id'],
  ];
}

async function runAll(world: World, url: string, options: RunOptions = {}): Promise<void> {
  for (const line of commandLines(url)) {
    for (const more of [['--debug'], ['--verbose', '--json'], ['--debug', '--dry-run']]) {
      const argv = [...line, ...more, '--max-waits', '0'];
      expectQuiet(await world.run(argv, { env: { PRIVACY_CALL_RETRIES: '0' }, ...options }), argv);
    }
  }
  await expectCleanFiles(world);
}

async function login(world: World, endpoint: string, ...more: readonly string[]): Promise<void> {
  const argv = ['login', 'shop', '--app-key', KEY, '--mode', 'axb', '--endpoint', endpoint, '--debug', ...more];
  const done = await world.run([...argv, '--secret-stdin'], { stdin: CANARY });
  expect(done.code).toBe(0);
  expectQuiet(done, argv);
}

describe('a secret on the command line', () => {
  it.each([
    [['login', 'shop', '--app-key', KEY, '--app-secret', CANARY]],
    [['login', 'shop', '--app-key', KEY, `--app-secret=${CANARY}`]],
    [['login', 'shop', '--secret', CANARY]],
    [['bind', `--password=${CANARY}`]],
    [['query', '--appSecret', CANARY]],
    [['query', '--secret-key', CANARY, '--verbose', '--debug']],
  ])('is refused with advice and without its value: %#', async (argv) => {
    const world = await openWorld();
    const refused = await world.cli(...argv, '--json');
    expect(refused.error).toMatchObject({
      code: 'secret-in-flag',
      exitCode: 2,
      hint: expect.stringContaining('--secret-stdin') as string,
    });
    expectQuiet(refused, argv);
    expect(await world.files()).toEqual([]);
  });

  it.each([
    [['login', 'shop', `--app_secret=${CANARY}`]],
    [['login', 'shop', CANARY]],
    [['login', 'shop', `--token=${CANARY}`, '--verbose']],
    [['config', 'set', 'appSecret', CANARY]],
    [['config', 'set', 'endpoint', `https://u:${CANARY}@platform.example`]],
    [['login', 'shop', '--app-key', KEY, '--endpoint', `https://u:p@${CANARY}@platform.example`, '--secret-stdin']],
    [['listen', '--forward-to', `htp://u:${CANARY}@server.example/fee`]],
    [['replay', '-', '--to', `ftp://u:${CANARY}@server.example`]],
  ])('is not shown where it is no known flag either: %#', async (argv) => {
    const world = await openWorld();
    const refused = await world.cli(...argv);
    expect(refused.code).toBe(2);
    expectQuiet(refused, argv);
    expect(await world.files()).toEqual([]);
  });
});

describe('the secret of a profile shows up nowhere', () => {
  it('while the network is dead', async () => {
    const world = await openWorld();
    await login(world, 'http://127.0.0.1:1');
    await runAll(world, 'http://127.0.0.1:1');
  });

  it('while the platform refuses the signature, until it blocks the address', async () => {
    const platform = await openWorld();
    const server = await startCommand(platform, ['sandbox', 'start']);
    const world = await openWorld();
    await login(world, server.url);
    const receiver = await startCommand(world, ['listen', '--debug', '--verify', 'warn']);
    expect((await world.cli('query', '--id', 'some-id')).code).toBe(4);
    await runAll(world, receiver.url);
    expectQuiet(await receiver.stop(), ['listen']);
    expect((await world.cli('cdr', 'list', '--query', 'count')).stdout).toBe('1\n');
    await expectCleanFiles(world);
    await server.stop();
    await expectCleanFiles(platform);
  });

  it('while it comes from the environment, signed in the old way', async () => {
    const world = await openWorld();
    const env = {
      PRIVACY_CALL_APP_KEY: KEY,
      PRIVACY_CALL_APP_SECRET: CANARY,
      PRIVACY_CALL_ENDPOINT: 'http://127.0.0.1:1',
      PRIVACY_CALL_SIGNING: 'wsse',
      PRIVACY_CALL_MODE: 'axb',
      PRIVACY_CALL_RETRIES: '0',
    };
    await runAll(world, 'http://127.0.0.1:1', { env });
    expectQuiet(await world.run(['login', 'shop', '--debug'], { env }), ['login']);
    expect(JSON.parse(await world.read('.config/privacy-call/credentials.json'))).toEqual({
      shop: { appKey: KEY, appSecret: CANARY },
    });
    await expectCleanFiles(world);
  });

  it('when the tool itself breaks', async () => {
    const world = await openWorld();
    await login(world, 'http://127.0.0.1:1');
    const now = (): Date => {
      throw new Error('the clock broke');
    };
    for (const line of commandLines('http://127.0.0.1:1')) {
      expectQuiet(await world.run([...line, '--debug'], { now }), line);
    }
    await expectCleanFiles(world);
  });

  it('when the credentials file is damaged or open to others', async () => {
    const world = await openWorld();
    await login(world, 'http://127.0.0.1:1');
    await world.write('.config/privacy-call/credentials.json', `{"shop":{"appKey":"${KEY}","appSecret":"${CANARY}"`);
    const damaged = await world.cli('doctor', '--debug');
    expect(damaged.code).toBe(2);
    expectQuiet(damaged, ['doctor']);
  });
});

describe('phone numbers', () => {
  it('are masked in errors and debug lines of every command', async () => {
    const world = await openWorld();
    await login(world, 'http://127.0.0.1:1');
    for (const line of commandLines('http://127.0.0.1:1')) {
      const argv = [...line, '--debug', '--max-waits', '0'];
      const { stderr } = await world.run(argv, { env: { PRIVACY_CALL_RETRIES: '0' } });
      expect(stderr, argv.join(' ')).not.toMatch(/1380000000[12]|17000000201/);
    }
  });
});
