import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildSandboxTransport } from '../../src/commands/sandbox-transport.js';
import type { Binding } from '../../src/domain/binding.js';
import { type BindingMode, isBindingMode } from '../../src/domain/mode.js';
import type { Values } from '../../src/platform/declarations/declaration.js';
import { buildHttpTransport } from '../../src/platform/http-transport.js';
import type { Application, Platform } from '../../src/platform/platform.js';
import { buildPlatform } from '../../src/platform/platform-client.js';
import type { Transport } from '../../src/platform/transport.js';
import type { SandboxControl } from '../../src/sandbox/control-client.js';
import { sandboxCredentials } from '../../src/sandbox/initial-state.js';
import { startSandboxServer } from '../../src/sandbox/server.js';
import { openSandboxFolder } from '../../src/sandbox/state-folder.js';
import { SANDBOX_ENDPOINT } from '../../src/sandbox/state.js';

/**
 * One suite of expectations on the platform: the sandbox meets it always, in the process and over HTTP. The platform itself is asked
 * only where PRIVACY_CALL_CONTRACT_ENDPOINT, _APP_KEY, _APP_SECRET, _MODE and the numbers _A, _B and _X are all set: it binds and unbinds
 * these numbers there.
 */

/** What is under test: a platform, and numbers that may be bound there. */
interface Subject {
  readonly mode: BindingMode;
  readonly platform: Platform;
  readonly transport: Transport;
  readonly a: string;
  readonly b: string;
  readonly x: string;
  /** Steers a sandbox; the platform has nothing of the kind. */
  readonly control?: SandboxControl;
  /** The same application with other credentials. */
  readonly as: (credentials: Partial<Application>) => Platform;
}

type Open = (mode: BindingMode) => Promise<Subject>;

const now = (): Date => new Date();
const NUMBERS = { a: '+8613800000001', b: '+8613800000002' };
const X_OF: Readonly<Record<BindingMode, string>> = {
  ax: '+8617000000101',
  axb: '+8617000000201',
  axe: '+8617000000301',
  axyb: '+8617000000401',
};

function subjectOf(
  parts: Pick<Subject, 'mode' | 'a' | 'b' | 'x'> & {
    readonly application: Application;
    readonly transport: Transport;
    readonly control?: SandboxControl;
  },
): Subject {
  const { application, ...rest } = parts;
  const options = { transport: parts.transport, now, lang: 'en' as const, signal: AbortSignal.timeout(60_000) };
  const as = (change: Partial<Application>): Platform =>
    buildPlatform({ ...options, application: { ...application, ...change }, timeoutMs: 30_000, flowControlWaits: 0 });
  return { ...rest, platform: as({}), as };
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'privacy-call-contract-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const inProcess: Open = async (mode) => {
  const sandbox = await openSandboxFolder({ folder: await temporaryFolder(), now, pid: process.pid });
  onTestFinished(() => sandbox.close());
  const application: Application = { endpoint: SANDBOX_ENDPOINT, signing: 'aksk', mode, ...sandboxCredentials(mode) };
  const transport = buildSandboxTransport(() => Promise.resolve(sandbox));
  return subjectOf({ mode, application, transport, control: sandbox.control, ...NUMBERS, x: X_OF[mode] });
};

const overHttp: Open = async (mode) => {
  const server = await startSandboxServer({
    folder: await temporaryFolder(),
    port: 0,
    host: '127.0.0.1',
    now,
    pid: process.pid,
    signal: new AbortController().signal,
    log: () => undefined,
  });
  onTestFinished(() => server.close());
  const application: Application = { endpoint: server.url, signing: 'aksk', mode, ...sandboxCredentials(mode) };
  const transport = buildHttpTransport({ env: {} });
  return subjectOf({ mode, application, transport, control: server.control, ...NUMBERS, x: X_OF[mode] });
};

const given = (name: string): string => process.env[`PRIVACY_CALL_CONTRACT_${name}`] ?? '';
const REAL = ['ENDPOINT', 'APP_KEY', 'APP_SECRET', 'MODE', 'A', 'B', 'X'];
const missing = REAL.filter((name) => given(name) === '');

const real: Open = (mode) => {
  const transport = buildHttpTransport({ env: process.env });
  const application: Application = {
    endpoint: given('ENDPOINT'),
    appKey: given('APP_KEY'),
    appSecret: given('APP_SECRET'),
    signing: 'aksk',
    mode,
  };
  return Promise.resolve(subjectOf({ mode, application, transport, a: given('A'), b: given('B'), x: given('X') }));
};

const SUBJECTS: readonly { readonly name: string; readonly open: Open }[] = [
  { name: 'the sandbox in the process', open: inProcess },
  { name: 'the sandbox over HTTP', open: overHttp },
  { name: 'the platform', open: real },
];

/** What a bind of each mode says, and what an update may change. */
function bindValues({ mode, a, b, x }: Subject): Values {
  const values: Record<BindingMode, Values> = {
    ax: { a, x },
    axb: { a, b, x, ttl: 3600, maxCall: 60, userData: 'contract' },
    axe: { a, x, extension: '1234', ttl: 3600 },
    axyb: { a, area: '0755', ttl: 3600 },
  };
  return values[mode];
}

async function bind(subject: Subject): Promise<Binding> {
  const binding = await subject.platform.bind(subject.mode, bindValues(subject));
  onTestFinished(() => subject.platform.unbind(subject.mode, { id: binding.subscriptionId }).catch(() => undefined));
  return binding;
}

async function queryAll({ platform, mode }: Subject, values: Values): Promise<Binding[]> {
  const found: Binding[] = [];
  for await (const binding of platform.query(mode, values)) found.push(binding);
  return found;
}

const idOf = ({ subscriptionId }: Binding): string => subscriptionId;
const MODES: readonly BindingMode[] = ['ax', 'axb', 'axe', 'axyb'];

describe.each(SUBJECTS)('$name', ({ name, open }) => {
  describe.each(MODES)('%s', (mode) => {
    /** A test of this subject in this mode; skipped with its reason where the platform cannot be asked. */
    const expectation = (says: string, check: (subject: Subject) => Promise<void>, sandboxOnly?: string): void => {
      it(says, async (context) => {
        if (name === 'the platform') {
          if (sandboxOnly !== undefined) context.skip(sandboxOnly);
          if (missing.length > 0)
            context.skip(`PRIVACY_CALL_CONTRACT_… is not set: ${missing.join(', ')}: the platform is not asked`);
          if (!isBindingMode(given('MODE')) || given('MODE') !== mode)
            context.skip(`the application given is of mode ${given('MODE')}`);
        }
        await check(await open(mode));
      });
    };

    expectation('binds, and a query by ID finds the same', async (subject) => {
      const bound = await bind(subject);
      expect(bound).toMatchObject({ kind: 'Binding', mode, subscriptionId: expect.stringMatching(/^\S{1,64}$/) });
      expect(bound.raw).toMatchObject({ resultcode: '0' });
      const [found, ...others] = await queryAll(subject, { id: idOf(bound) });
      expect(others).toEqual([]);
      expect(found).toMatchObject({ subscriptionId: idOf(bound), mode, a: subject.a, x: bound.x });
      expect(bound.x).toMatch(/^\+\d{8,}$/);
      if (mode === 'axb') expect(found).toMatchObject({ b: subject.b, userData: 'contract' });
      if (mode === 'axe') expect(found).toMatchObject({ extension: '1234' });
    });

    expectation('a query by X finds it among others', async (subject) => {
      const bound = await bind(subject);
      const values: Values = mode === 'axe' ? { x: bound.x, extension: '1234' } : { x: bound.x };
      expect((await queryAll(subject, values)).map(idOf)).toContain(idOf(bound));
      if (mode === 'axe') expect((await queryAll(subject, { x: bound.x })).map(idOf)).toContain(idOf(bound));
    });

    expectation('the same again is refused as a conflict; in AXYB a second step gives B its Y', async (subject) => {
      const bound = await bind(subject);
      if (mode === 'axyb') {
        const values = { id: idOf(bound), b: subject.b };
        const second = await subject.platform.bind(mode, values);
        expect(second).toMatchObject({ subscriptionId: idOf(bound), b: subject.b });
        expect(second.y).toMatch(/^\+\d{8,}$/);
        return;
      }
      await expect(subject.platform.bind(mode, bindValues(subject))).rejects.toMatchObject({
        code: 'already-bound',
        exitCode: 6,
        platform: { httpStatus: expect.any(Number), resultcode: expect.stringMatching(/^\d{7}$/) },
      });
      expect((await queryAll(subject, { id: idOf(bound) })).map(idOf)).toEqual([idOf(bound)]);
    });

    expectation('an update changes what it names and nothing else', async (subject) => {
      const bound = await bind(subject);
      const id = idOf(bound);
      const changes: Partial<Record<BindingMode, Values>> = {
        ax: { sms: false },
        axb: { direction: 'a-to-b' },
        axe: { userData: 'changed' },
      };
      const values = changes[mode];
      if (values === undefined) {
        await expect(subject.platform.update(mode, { id })).rejects.toMatchObject({ code: 'flag-invalid' });
        return;
      }
      await subject.platform.update(mode, { id, ...values });
      const [found] = await queryAll(subject, { id });
      expect(found).toMatchObject({ subscriptionId: id, a: subject.a, x: bound.x, ...values });
    });

    expectation('an unbind removes it; a query finds nothing, another unbind says so', async (subject) => {
      const bound = await bind(subject);
      const id = idOf(bound);
      await subject.platform.unbind(mode, { id });
      expect(await queryAll(subject, { id })).toEqual([]);
      await expect(subject.platform.unbind(mode, { id })).rejects.toMatchObject({
        code: 'binding-not-found',
        exitCode: 5,
      });
    });

    expectation('an X that is not the application’s is refused, and nothing is bound', async (subject) => {
      if (mode === 'axyb') {
        await refusesUnknownArea(subject);
        return;
      }
      const values = { ...bindValues(subject), x: '+8617099999999' };
      await expect(subject.platform.bind(mode, values)).rejects.toMatchObject({
        exitCode: 5,
        code: 'number-not-found',
        message: expect.not.stringContaining('+8617099999999'),
      });
    });

    expectation('a value that does not fit is refused before anything is sent', async (subject) => {
      await expect(subject.platform.bind(mode, {})).rejects.toMatchObject({ exitCode: 2 });
      const values = { ...bindValues(subject), a: 'x'.repeat(200) };
      await expect(subject.platform.bind(mode, values)).rejects.toMatchObject({ exitCode: 2 });
    });

    expectation('a recording that does not exist is not found', async ({ platform }) => {
      const asked = platform.recordingAddress({ fileName: 'no-such-file.wav', domain: 'no-such-domain.invalid' });
      await expect(asked).rejects.toMatchObject({ code: 'recording-not-found', exitCode: 5 });
    });

    const refusedSignature = async (subject: Subject): Promise<void> => {
      const stranger = subject.as({ appSecret: 'another' });
      await expect(stranger.bind(mode, bindValues(subject))).rejects.toMatchObject({
        code: 'signature-rejected',
        exitCode: 4,
        message: expect.not.stringContaining('another'),
      });
      expect(await queryAll(subject, { x: subject.x })).toEqual([]);
    };
    expectation('a wrong secret is refused as one', refusedSignature, 'refused signatures block the address');

    const refusedMode = async (subject: Subject): Promise<void> => {
      const other = mode === 'ax' ? 'axb' : 'ax';
      const unsaid = subject.as({ mode: undefined });
      await expect(unsaid.bind(other, bindValues({ ...subject, mode: other }))).rejects.toMatchObject({ exitCode: 4 });
      await expect(subject.platform.bind(other, bindValues({ ...subject, mode: other }))).rejects.toMatchObject({
        code: 'mode-mismatch',
      });
    };
    expectation('an interface of another mode is refused', refusedMode, 'nobody knows what such a bind does there');

    const soundOfCall = async (subject: Subject): Promise<void> => {
      const bound = await bind(subject);
      if (mode === 'axyb') await subject.platform.bind(mode, { id: idOf(bound), b: subject.b });
      const call = { from: subject.b, to: bound.x!, talkSeconds: 20, record: true };
      const { fee } = await subject.control!.call(mode === 'axe' ? { ...call, digits: '1234' } : call);
      const place = { fileName: String(fee?.recordObjectName), domain: String(fee?.recordDomain) };
      const address = await subject.platform.recordingAddress(place);
      const answer = await subject.transport.send({
        method: 'GET',
        url: new URL(address),
        headers: {},
        timeoutMs: 30_000,
        signal: AbortSignal.timeout(30_000),
      });
      const pieces: Uint8Array[] = [];
      for await (const piece of answer.body) pieces.push(piece);
      const bytes = Buffer.concat(pieces);
      expect([answer.status, bytes.toString('latin1', 0, 4), bytes.length]).toEqual([200, 'RIFF', 160_058]);
    };
    expectation('a recorded call has an address, and there its sound', soundOfCall, 'a call must be made by people');
  });
});

async function refusesUnknownArea({ platform, a }: Subject): Promise<void> {
  await expect(platform.bind('axyb', { a, area: '0999' })).rejects.toMatchObject({
    exitCode: 6,
    code: 'no-free-number',
  });
}
