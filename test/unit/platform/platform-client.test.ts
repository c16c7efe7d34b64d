import { afterEach, describe, expect, it } from 'vitest';
import { wordsIn } from '../../../src/domain/text-pair.js';
import { axbQuery } from '../../../src/platform/declarations/axb.js';
import type { SignedRequestsOptions } from '../../../src/platform/signed-requests.js';
import { verifySignature } from '../../../src/platform/signing.js';
import {
  failureOf,
  openScriptedPlatform,
  SCRIPT_NOW,
  type ScriptedAnswer,
  type ScriptedPlatform,
} from './scripted-platform.js';

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

describe('buildPlatform: what leaves', () => {
  it('is signed, and JSON in the order of the declaration', async () => {
    const { platform, requests } = await script([BOUND]);
    await platform.bind('axb', { b: B, a: A, x: X, ttl: 60 });
    const [request] = requests;
    expect(request).toMatchObject({
      method: 'POST',
      target: '/rest/caas/relationnumber/partners/v1.0',
      body: `{"callerNum":"${A}","relationNum":"${X}","calleeNum":"${B}","duration":60}`,
    });
    expect(request!.headers).toMatchObject({
      'content-type': 'application/json;charset=UTF-8',
      accept: 'application/json',
      authorization: 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
    });
    expect(verifySignature(request!.headers, (key) => (key === 'key-1' ? 'secret-1' : undefined))).toEqual({
      ok: true,
      signing: 'aksk',
      appKey: 'key-1',
      nonce: 'nonce1',
      createdAt: SCRIPT_NOW,
    });
  });

  it('writes + as %2B in an address, and app_key for AXYB', async () => {
    const { platform, requests } = await script([{}, {}]);
    await platform.unbind('axb', { x: X });
    await platform.unbind('axyb', { id: 'i1', y: X });
    expect(requests.map((request) => [request.method, request.target, request.body])).toEqual([
      ['DELETE', '/rest/caas/relationnumber/partners/v1.0?relationNum=%2B8613800000003', ''],
      ['DELETE', '/rest/omp/xyrelationnumber/v1.0?app_key=key-1&subscriptionId=i1&yNum=%2B8613800000003', ''],
    ]);
  });

  it('is shown as it would leave, unsigned', async () => {
    const { platform, endpoint, requests } = await script([]);
    expect(platform.preview(axbQuery, { x: X, page: 2 })).toEqual({
      method: 'GET',
      url: `${endpoint}/rest/caas/relationnumber/partners/v1.0?relationNum=%2B8613800000003&pageIndex=2`,
    });
    expect(requests).toEqual([]);
  });

  it('does not leave when values or mode do not fit', async () => {
    const { platform, requests } = await script([], {
      application: { endpoint: 'https://p.example', appKey: 'k', appSecret: 'secret-1', signing: 'aksk', mode: 'ax' },
    });
    expect((await failureOf(platform.setCallee({ id: 'i' }))).code).toBe('flag-missing');
    expect((await failureOf(platform.bind('ax', { a: A, x: X, maxCall: 2000 }))).code).toBe('flag-invalid');
    const mismatch = await failureOf(platform.bind('axb', BIND));
    expect([mismatch.code, mismatch.message]).toEqual([
      'mode-mismatch',
      'the application is of mode AX, the interface of AXB',
    ]);
    expect((await failureOf(platform.update('axyb', { id: 'i' }))).code).toBe('flag-invalid');
    expect(requests).toEqual([]);
    expect(JSON.stringify(platform.application)).not.toContain('secret-1');
  });

  it('is logged with method, address, status and time, without key and numbers', async () => {
    const { platform, logged } = await script([{}, {}]);
    await platform.unbind('axb', { x: X });
    await platform.unbind('axyb', { id: 'i1' });
    expect(logged).toEqual([
      'DELETE /rest/caas/relationnumber/partners/v1.0?relationNum=+86138****0003 → HTTP 200, 0 ms',
      'DELETE /rest/omp/xyrelationnumber/v1.0?subscriptionId=i1 → HTTP 200, 0 ms',
    ]);
  });
});

describe('buildPlatform: what comes back', () => {
  it('is JSON whatever its content type, with a numeric code too', async () => {
    const { platform } = await script([{ body: '{"resultdesc":"Success","resultcode":0}' }]);
    await expect(platform.hangUp('s1')).resolves.toBeUndefined();
  });

  it('is an error by its code', async () => {
    const { platform } = await script([refusal('1012010', 403, `The number ${A} has been bound.`)]);
    const error = await failureOf(platform.bind('axb', BIND));
    expect([error.code, error.platform?.resultcode]).toEqual(['already-bound', '1012010']);
    expect(error.message).toBe('AXB bind refused: The number +86138****0001 has been bound. (1012010)');
  });

  it('names both causes of a 404', async () => {
    const { platform, endpoint } = await script([{ status: 404, body: '<html>' }]);
    const error = await failureOf(platform.unbind('ax', { id: 'i1' }));
    expect(error.code).toBe('path-not-found');
    expect(error.message).toBe(
      `the platform does not know ${endpoint}/rest/provision/caas/privatenumber/v1.0 (HTTP 404)`,
    );
    expect(wordsIn(error.hint ?? '', 'en')).toMatch(/access address is wrong.*does not serve this path/);
  });

  it('shows the beginning of what no platform says, numbers masked', async () => {
    const { platform } = await script([{ status: 403, body: `<b>\u001b[31mcall 13800000001${'x'.repeat(99)}` }]);
    const error = await failureOf(platform.unbind('ax', { id: 'i1' }));
    expect(error.code).toBe('answer-unreadable');
    expect(error.message).toMatch(/^127\.0\.0\.1 does not answer as the platform does \(HTTP 403\): <b> \[31mcall /);
    expect(error.message.length).toBeLessThan(150);
  });

  it('may not be longer than 4 MiB', async () => {
    const { platform } = await script([{ body: 'x'.repeat(4 * 1024 * 1024 + 1) }]);
    expect((await failureOf(platform.call(axbQuery, { id: 'i' }))).code).toBe('answer-unreadable');
  });

  it('tells the difference of the clocks by its Date', async () => {
    const date = new Date(SCRIPT_NOW.getTime() + 600_000).toUTCString();
    const { platform } = await script([{ ...refusal('1010013', 401), headers: { date } }]);
    const error = await failureOf(platform.unbind('ax', { id: 'i1' }));
    expect(error).toMatchObject({
      code: 'clock-skewed',
      hint: {
        zh: '校准本机时钟，每次请求重新生成 Created。本机时钟比平台慢 600 秒。',
        en: "Correct the local clock and make a fresh Created for every request. This machine's clock is 600 s behind the platform's.",
      },
    });
  });

  it.each([301, 302, 303, 307, 308])('HTTP %i names the address of a recording', async (status) => {
    const { platform, requests } = await script([
      { status, headers: { location: 'https://storage.example/r.wav?t=1' }, body: '' },
      { status, headers: { location: '/r.wav' }, body: '' },
    ]);
    const recording = { fileName: 'r.wav', domain: 'd.example' };
    expect(await platform.recordingAddress(recording)).toBe('https://storage.example/r.wav?t=1');
    expect(await platform.recordingAddress(recording)).toBe(`${scripted.endpoint}/r.wav`);
    expect(requests[0]!.target).toBe('/rest/provision/voice/record/v1.0?recordDomain=d.example&fileName=r.wav');
  });

  it('says what a missing recording or address means', async () => {
    const { platform } = await script([refusal('1012007'), { status: 301, body: '' }, { body: 'RIFF' }]);
    const recording = { fileName: 'r.wav', domain: 'd.example' };
    expect((await failureOf(platform.recordingAddress(recording))).code).toBe('recording-not-found');
    expect((await failureOf(platform.recordingAddress(recording))).code).toBe('answer-unreadable');
    expect((await failureOf(platform.recordingAddress(recording))).code).toBe('answer-unreadable');
  });

  it('does not take a redirect for an answer anywhere else', async () => {
    const { platform } = await script([{ status: 302, headers: { location: 'https://portal.example' }, body: '' }]);
    expect((await failureOf(platform.unbind('ax', { id: 'i' }))).code).toBe('answer-unreadable');
  });

  it('is handed back as it came for a raw request', async () => {
    const { platform, requests } = await script([refusal('1010002', 403, 'x'), { body: 'text' }]);
    const refused = await platform.raw({ method: 'post', path: '/rest/new?x=%2B1', body: '{"k":1}' });
    expect([refused.status, refused.body, refused.text]).toEqual([
      403,
      { resultcode: '1010002', resultdesc: 'x' },
      '{"resultcode":"1010002","resultdesc":"x"}',
    ]);
    expect(await platform.raw({ method: 'GET', path: '/other' })).toMatchObject({
      status: 200,
      body: {},
      text: 'text',
    });
    expect(requests.map(({ method, target, body }) => [method, target, body])).toEqual([
      ['POST', '/rest/new?x=%2B1', '{"k":1}'],
      ['GET', '/other', ''],
    ]);
    expect((await failureOf(platform.raw({ method: 'PATCH', path: '/' }))).code).toBe('flag-invalid');
    expect((await failureOf(platform.raw({ method: 'GET', path: '@other.example/' }))).code).toBe('flag-invalid');
  });
});
