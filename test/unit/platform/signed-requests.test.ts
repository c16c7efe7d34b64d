import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.js';
import { axbQuery } from '../../../src/platform/declarations/axb.js';
import type { LockOut } from '../../../src/platform/lock-out.js';
import type { SignedRequestsOptions } from '../../../src/platform/signed-requests.js';
import { failureOf, openScriptedPlatform, type ScriptedAnswer, type ScriptedPlatform } from './scripted-platform.js';
import { sleep } from '../../../src/sleep.js';

const A = '+8613800000001';
const B = '+8613800000002';
const X = '+8613800000003';
const BIND = { a: A, b: B, x: X };
const BOUND: ScriptedAnswer = { body: { subscriptionId: 'i1', relationNum: X } };
const refusal = (resultcode: string, status = 403, resultdesc = 'No.'): ScriptedAnswer => ({
  status,
  body: { resultcode, resultdesc },
});

let scripted: ScriptedPlatform;

async function script(
  answers: readonly ScriptedAnswer[],
  options: Partial<SignedRequestsOptions> = {},
): Promise<ScriptedPlatform> {
  scripted = await openScriptedPlatform(answers, options);
  return scripted;
}

afterEach(() => scripted.close());

describe('buildSignedRequests: again, or not', () => {
  it('asks again after a lost answer and a fault, signed anew', async () => {
    let nonce = 0;
    const randomNonce = (): string => `n${(nonce += 1)}`;
    const { platform, requests, waits } = await script([{ lost: 'head' }, { status: 503, body: 'x' }, {}], {
      randomNonce,
    });
    await platform.call(axbQuery, { id: 'i1' });
    expect(waits).toEqual([250, 500]);
    const nonces = requests.map((request) => /Nonce="(\w+)"/.exec(String(request.headers['x-aksk']))?.[1]);
    expect(nonces).toEqual(['n1', 'n2', 'n3']);
  });

  it('gives up after the allowed tries with the last error', async () => {
    const { platform, requests } = await script(Array(9).fill(refusal('1010001', 500)), { retries: 2 });
    expect((await failureOf(platform.call(axbQuery, { id: 'i1' }))).code).toBe('platform-failure');
    expect(requests).toHaveLength(3);
  });

  it('obeys Retry-After', async () => {
    const { platform, waits } = await script([{ status: 503, headers: { 'retry-after': '7' }, body: '' }, {}]);
    await platform.call(axbQuery, { id: 'i1' });
    expect(waits).toEqual([7000]);
  });

  it('waits a minute for flow control, once, also with a change', async () => {
    const { platform, waits } = await script([refusal('1010010'), BOUND, refusal('1011006'), refusal('1011006')]);
    expect((await platform.bind('axb', BIND)).subscriptionId).toBe('i1');
    expect((await failureOf(platform.bind('axb', BIND))).code).toBe('flow-control');
    expect(waits).toEqual([60_000, 60_000]);
  });

  it.each<[string, ScriptedAnswer]>([
    ['a lost answer', { lost: 'head' }],
    ['a cut answer', { lost: 'body', headers: { 'content-length': '100' } }],
    ['a success that cannot be read', { body: '<html>' }],
    ['a bind without an ID', { body: {} }],
    ['a platform that waited in vain', refusal('1023002', 500)],
    ['a gateway that waited in vain', { status: 504, body: '' }],
    ['a gateway that says so in its own words', { status: 504, body: { error_code: 'APIG.0201' } }],
    ['a gateway without a platform', { status: 503, body: '<html>busy</html>' }],
    ['an internal error (1023001)', refusal('1023001', 500)],
    ['an internal error (1010001)', refusal('1010001', 500)],
    ['an internal error (1020002)', refusal('1020002', 500)],
    ['a fault with a code that nobody knows', refusal('9999999', 500)],
  ])('does not repeat a change after %s, and says that nobody knows', async (_, answer) => {
    const { platform, requests } = await script([answer, BOUND]);
    const error = await failureOf(platform.bind('axb', BIND));
    expect([error.code, error.exitCode, requests.length]).toEqual(['outcome-unknown', 8, 1]);
  });

  it('does not call a change unknown that never arrived or was refused', async () => {
    const { platform, requests } = await script([
      refusal('1020001', 500),
      refusal('1012010', 504),
      refusal('1010010', 401),
    ]);
    expect((await failureOf(platform.bind('axb', BIND))).code).toBe('request-rejected');
    expect((await failureOf(platform.bind('axb', BIND))).code).toBe('already-bound');
    expect((await failureOf(platform.bind('axb', BIND))).code).toBe('signature-rejected');
    expect(requests).toHaveLength(3);
    await scripted.close();
    expect((await failureOf(platform.bind('axb', BIND))).code).toBe('network-unreachable');
    scripted = await openScriptedPlatform([]);
  });

  it('stops waiting by the signal, with its reason', async () => {
    const stop = new AbortController();
    const reason = new AppError('interrupted', 'stopped');
    const { platform } = await script([refusal('1010010')], {
      signal: stop.signal,
      sleep: (ms, signal) => {
        const slept = sleep(ms, signal);
        stop.abort(reason);
        return slept;
      },
    });
    await expect(platform.unbind('ax', { id: 'i' })).rejects.toBe(reason);
  });
});

describe('buildSignedRequests: locked out', () => {
  function memoryLockOut(): Pick<LockOut, 'check' | 'record'> & { until: Map<string, Date> } {
    const until = new Map<string, Date>();
    return {
      until,
      check: (host) => Promise.resolve(until.get(host)),
      record: (host, at) => {
        until.set(host, at);
        return Promise.resolve();
      },
    };
  }

  it('keeps the block for 30 minutes and sends nothing more, unless forced', async () => {
    const lockOut = memoryLockOut();
    const { platform, requests, endpoint } = await script([refusal('1020176')], { lockOut });
    const error = await failureOf(platform.call(axbQuery, { id: 'i' }));
    expect([error.code, error.exitCode]).toEqual(['address-blocked', 12]);
    expect(error.message).toContain('until 2026-07-01 00:30:00 UTC (2026-07-01 08:30:00 Beijing time)');
    expect(error.platform?.resultcode).toBe('1020176');
    expect([...lockOut.until]).toEqual([[new URL(endpoint).host, new Date('2026-07-01T00:30:00Z')]]);
    expect((await failureOf(platform.bind('axb', BIND))).code).toBe('address-blocked');
    expect((await failureOf(platform.raw({ method: 'GET', path: '/' }))).code).toBe('address-blocked');
    expect(requests).toHaveLength(1);
    await scripted.close();
    const forced = await script([BOUND], { lockOut, force: true });
    await forced.platform.bind('axb', BIND);
    expect(forced.requests).toHaveLength(1);
  });

  it('learns of the block from a raw request too', async () => {
    const lockOut = memoryLockOut();
    const { platform } = await script([refusal('1020176')], { lockOut });
    expect((await platform.raw({ method: 'GET', path: '/' })).status).toBe(403);
    expect(lockOut.until.size).toBe(1);
  });
});
