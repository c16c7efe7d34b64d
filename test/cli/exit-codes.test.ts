import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../src/errors.js';
import { EXIT_CODES, type ExitName } from '../../src/exit-codes.js';
import { openSandboxFolder } from '../../src/sandbox/state-folder.js';
import { openWorld, type Outcome, type World } from '../helpers/world.js';

const FIXTURES = fileURLToPath(new URL('../fixtures/platform', import.meta.url));
const CDR = join(FIXTURES, 'axb-cdr.json');
const BIND = ['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', '13800000001', '-b', '13800000002', '-x', '17000000201'];
const QUERY = ['-p', 'sandbox', 'query', '--mode', 'axb', '-x', '17000000201', '--max-waits', '0', '--json'];

async function serverAnswering(status: number): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status, { connection: 'close' }).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function withApplications(world: World, condition: 'on' | 'off' | 'frozen'): Promise<void> {
  const folder = world.path('.local/state/privacy-call/sandbox');
  const sandbox = await openSandboxFolder({ folder, now: () => world.now(), pid: process.pid });
  await sandbox.control.applications({ condition });
  await sandbox.close();
}

interface Provoked {
  /** Code on the JSON error line. */
  readonly error: string;
  readonly message: RegExp;
  readonly provoke: (world: World) => Promise<Outcome>;
}

/** One way to every exit code but 0. */
const WAYS: Readonly<Record<Exclude<ExitName, 'ok'>, Provoked>> = {
  failure: {
    error: 'internal',
    message: /^unexpected: the clock broke$/,
    provoke: (world) =>
      world.run(['-p', 'sandbox', 'bindings', 'list', '--json'], {
        now: () => {
          throw new Error('the clock broke');
        },
      }),
  },
  usage: {
    error: 'flag-unknown',
    message: /^privacy-call bindings list has no flag --colour$/,
    provoke: (world) => world.cli('bindings', 'list', '--colour', '--json'),
  },
  partial: {
    error: 'some-failed',
    message: /^1 of the records could not be read; the rest is shown$/,
    provoke: async (world) => {
      await world.write('bad.json', '{"neither":"push"}');
      return world.cli('inspect', CDR, 'bad.json', '--json');
    },
  },
  auth: {
    error: 'credentials-missing',
    message: /^no profile is chosen and no credentials are set$/,
    provoke: (world) => world.cli('query', '--mode', 'axb', '--id', 'some-id', '--json'),
  },
  notFound: {
    error: 'binding-not-found',
    message: /some-id|AXB query refused/,
    provoke: (world) => world.cli('-p', 'sandbox', 'query', '--mode', 'axb', '--id', 'some-id', '--json'),
  },
  conflict: {
    error: 'already-bound',
    message: /^AXB bind refused: .*\(1012010\)$/,
    provoke: async (world) => {
      await world.cli(...BIND);
      return world.cli(...BIND, '--json');
    },
  },
  busy: {
    error: 'flow-control',
    message: /^AXB query refused: .*\(1010010\)$/,
    provoke: async (world) => {
      await world.cli('sandbox', 'fault', 'flow-control');
      return world.cli(...QUERY);
    },
  },
  network: {
    error: 'network-interrupted',
    message: /broke/,
    provoke: async (world) => {
      await world.cli('sandbox', 'fault', 'down');
      return world.run(QUERY, { env: { PRIVACY_CALL_RETRIES: '0' } });
    },
  },
  empty: {
    error: 'nothing-matched',
    message: /^nothing matched$/,
    provoke: (world) => world.cli('cdr', 'list', CDR, '--failed', '--fail-if-empty', '--json'),
  },
  assertion: {
    error: 'expectation-failed',
    message: /^1 of 1 push was not answered as expected$/,
    provoke: async (world) => world.cli('replay', CDR, '--to', await serverAnswering(500), '--json'),
  },
  lost: {
    error: 'recording-lost',
    message: /^1 recording is past the seven days/,
    provoke: (world) => world.cli('recordings', 'list', CDR, '--fail-on-expired', '--json'),
  },
  lockedOut: {
    error: 'address-blocked',
    message: /^sandbox\.invalid blocks this IP address .* until 2026-11-22 00:30:00 UTC/,
    provoke: async (world) => {
      await world.cli('sandbox', 'fault', 'locked', '--count', '1');
      return world.cli(...QUERY);
    },
  },
  account: {
    error: 'account-frozen',
    message: /\(1010029\)$/,
    provoke: async (world) => {
      await withApplications(world, 'frozen');
      return world.cli(...QUERY);
    },
  },
  storage: {
    error: 'storage-failed',
    message: /\.local/,
    provoke: async (world) => {
      await world.write('.local', 'a file where a folder should be');
      return world.cli('-p', 'sandbox', 'bindings', 'list', '--json');
    },
  },
  interrupted: {
    error: 'interrupted',
    message: /^stopped by Ctrl-C$/,
    provoke: (world) =>
      world.run(QUERY, { signal: AbortSignal.abort(new AppError('interrupted', 'stopped by Ctrl-C')) }),
  },
  terminated: {
    error: 'terminated',
    message: /^stopped by SIGTERM$/,
    provoke: (world) =>
      world.run(QUERY, { signal: AbortSignal.abort(new AppError('terminated', 'stopped by SIGTERM')) }),
  },
};

describe('exit codes', () => {
  it('0 for what is done, help and version too', async () => {
    const world = await openWorld();
    for (const argv of [['explain', '8014'], ['--help'], [], ['--version'], ['cdr', 'list', CDR, '--failed']]) {
      expect(await world.run(argv)).toMatchObject({ code: 0, stderr: '' });
    }
  });

  it.each(Object.entries(WAYS))('%s', async (name, { error, message, provoke }) => {
    const outcome = await provoke(await openWorld());
    const { code } = EXIT_CODES[name as ExitName];
    expect(outcome.code).toBe(code);
    expect(outcome.error).toMatchObject({
      code: error,
      exitCode: code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('have the error as a sentence without JSON, without a stack', async () => {
    for (const [name, { provoke }] of Object.entries(WAYS)) {
      if (name === 'failure') continue;
      const world = await openWorld();
      const plain: World = {
        ...world,
        cli: (...argv) => world.cli(...argv.filter((word) => word !== '--json')),
        run: (argv, options) =>
          world.run(
            argv.filter((word) => word !== '--json'),
            options,
          ),
      };
      const { stderr } = await provoke(plain);
      expect(stderr).toMatch(/^error: .+$/m);
      expect(stderr).not.toMatch(/\n {4}at /);
    }
  });
});

describe('the lock-out', () => {
  it('is remembered: nothing is sent for 30 minutes, unless forced', async () => {
    const world = await openWorld();
    await world.cli('sandbox', 'fault', 'locked', '--count', '1');
    expect((await world.cli(...QUERY)).code).toBe(12);
    expect((await world.cli('sandbox', 'fault', '--json')).json).toMatchObject({ count: 0 });
    const again = await world.cli(...QUERY, '--debug');
    expect(again.code).toBe(12);
    expect(again.stderr).not.toContain('debug:');
    expect((await world.cli(...QUERY, '--force')).code).toBe(0);
    world.advance(30 * 60_000 + 1000);
    expect((await world.cli(...QUERY)).code).toBe(0);
  });
});

describe('Ctrl-C in the middle', () => {
  it('ends a replay after what was sent, one whole document', async () => {
    const world = await openWorld();
    const stopping = new AbortController();
    const to = await serverAnswering(200);
    const line = JSON.stringify({
      eventType: 'callin',
      statusInfo: { sessionId: 's', timestamp: '2026-11-22 00:00:00' },
    });
    await world.write('events.ndjson', `${line}\n`.repeat(200));
    const outcome = await world.run(['replay', 'events.ndjson', '--to', to, '--json'], {
      signal: stopping.signal,
      onWrite: (text) => {
        if (text.includes('"status":200')) stopping.abort(new AppError('interrupted', 'stopped by Ctrl-C'));
      },
    });
    expect(outcome.code).toBe(130);
    expect(outcome.error).toMatchObject({ code: 'interrupted' });
    const { items, count } = outcome.json as { items: unknown[]; count: number };
    expect(items).toHaveLength(count);
    expect(count).toBeLessThan(200);
  });
});
