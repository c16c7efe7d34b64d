import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../../src/errors.js';
import { checkServer, type CheckServerOptions, type ServerCheckResult } from '../../../src/replay/check-server.js';
import { DEFAULT_ANSWERS } from '../../../src/receiver/default-answers.js';
import { identifyPush } from '../../../src/notifications/identify-push.js';
import { verifySignature } from '../../../src/platform/signing.js';
import { failureOf } from '../bindings/memory-books.js';

type Answer = (body: string, headers: Readonly<Record<string, unknown>>) => readonly [number, string];

/** A receiver of a team. */
async function startReceiver(answer: Answer, maxBytes = 2_000_000): Promise<{ url: URL; bodies: string[] }> {
  const bodies: string[] = [];
  const server = createServer((incoming, outgoing: ServerResponse) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('error', () => undefined);
    incoming.on('end', () => {
      const bytes = Buffer.concat(pieces);
      bodies.push(bytes.toString());
      const [status, text] = bytes.length > maxBytes ? [413, ''] : answer(bytes.toString(), incoming.headers);
      outgoing.writeHead(status).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/push`), bodies };
}

/** Answers as the documents want it. */
function right(body: string): readonly [number, string] {
  if (body.includes('"notifyMode":"Block"') && body.includes('callin')) return [200, DEFAULT_ANSWERS.call];
  return [200, body.includes('"notificationMode":"Block"') ? DEFAULT_ANSWERS.sms : ''];
}

const SIGNING = { appKey: 'k', appSecret: 's', signing: 'aksk', now: () => new Date(), nonce: () => 'n1' } as const;

async function check(to: URL, more: Partial<CheckServerOptions> = {}): Promise<ServerCheckResult[]> {
  const results: ServerCheckResult[] = [];
  const options: CheckServerOptions = {
    to,
    mode: 'x',
    run: 'r1',
    now: new Date('2026-11-22T00:00:00Z'),
    timeoutMs: 5000,
    maxLatencyMs: 5000,
    lang: 'en',
    pauseMs: 1,
    signal: new AbortController().signal,
    ...more,
  };
  for await (const result of checkServer(options)) results.push(result);
  return results;
}

function failed(results: readonly ServerCheckResult[]): [string, string | undefined][] {
  return results.filter(({ verdict }) => verdict === 'failed').map(({ check, found }) => [check, found]);
}

describe('checkServer', () => {
  it('passes a receiver that does all right', async () => {
    const receiver = await startReceiver((body, headers) => {
      const { ok } = verifySignature(headers as Record<string, string>, () => 's');
      return ok ? right(body) : [401, ''];
    });
    const results = await check(receiver.url, { signing: SIGNING });
    expect(results.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
      'call-events passed',
      'cdr passed',
      'cdr-unanswered passed',
      'sms-notify passed',
      'number-status passed',
      'block-call passed',
      'block-sms passed',
      'batch passed',
      'duplicate passed',
      'out-of-order passed',
      'unknown-fields passed',
      'empty-fields passed',
      'big-body passed',
      'long-sms passed',
      'wrong-signature passed',
      'slow-sender passed',
      'cut-connection passed',
      'concurrent passed',
      'whole-address passed',
    ]);
    for (const { meaning, remedy } of results) expect([meaning, remedy]).toEqual([undefined, undefined]);
    const kinds = new Set(receiver.bodies.map((body) => identifyPush(Buffer.from(body)).kind));
    expect(kinds).toEqual(new Set(['event', 'fee', 'sms', 'number-status']));
    // Made up from end to end: two numbers and an X that nobody has.
    const numbers = receiver.bodies.join('').match(/\+\d{8,}/g);
    expect(new Set(numbers)).toEqual(new Set(['+8613800000001', '+8613800000002', '+8617000000201']));
  });

  it('finds a receiver that does not answer 200 to duplicates', async () => {
    const seen = new Set<string>();
    const receiver = await startReceiver((body) => {
      const { key } = identifyPush(Buffer.from(body));
      if (key !== undefined && seen.has(key)) return [409, 'duplicate'];
      if (key !== undefined) seen.add(key);
      return right(body);
    });
    const results = await check(receiver.url);
    expect(failed(results)).toEqual([['duplicate', 'the second copy: HTTP 409, not 200']]);
    const one = results.find(({ verdict }) => verdict === 'failed');
    expect(one?.meaning?.en).toContain('again and again');
    expect(one?.remedy?.zh).toContain('重复的也答 HTTP 200');
    expect(results.find(({ check }) => check === 'wrong-signature')).toMatchObject({
      verdict: 'warned',
      found: 'HTTP 200: it is taken all the same',
    });
  });

  it('tells in Chinese what it finds', async () => {
    const receiver = await startReceiver((body, headers) => {
      if (body.includes('callin') && body.includes('Block')) return [200, '{"operation":"connect"}'];
      if (body.includes('smsEvent')) return [401, ''];
      return headers['x-aksk'] === undefined ? right(body) : [500, ''];
    });
    const results = await check(receiver.url, { lang: 'zh' });
    expect(failed(results)).toEqual([
      ['sms-notify', 'HTTP 401，不是 200（推送没有签名：请用 -p 选择其应用的 profile）'],
      ['block-call', '对 Block 推送的答复不对：缺少 connectInfo'],
      ['block-sms', '对 Block 推送的答复不对：actions 必须是列表，且不为空'],
      ['long-sms', 'HTTP 401，不是 200（推送没有签名：请用 -p 选择其应用的 profile）'],
      ['wrong-signature', 'HTTP 500：服务器出错，而不是拒绝'],
    ]);
    const [away, skipped] = await check(new URL('http://127.0.0.1:1/'), { lang: 'zh' });
    expect(away?.found).toBe('127.0.0.1:1 无法连接（ECONNREFUSED）');
    expect(skipped).toMatchObject({ verdict: 'skipped', found: '127.0.0.1:1 无法连接（ECONNREFUSED）' });
  });

  it('finds a receiver with a wrong Block answer', async () => {
    const receiver = await startReceiver((body) => {
      const [status, text] = right(body);
      return [status, text === DEFAULT_ANSWERS.call ? '{"operation":"connect","connectInfo":{}}' : text];
    });
    expect(failed(await check(receiver.url))).toEqual([
      ['block-call', expect.stringContaining('wrong answer to a Block push: connectInfo.calleeNum')],
    ]);
  });

  it('finds small limits, a strict parser and slow answers', async () => {
    const small = await startReceiver(right, 60_000);
    expect(failed(await check(small.url)).map(([name]) => name)).toEqual(['big-body']);
    const strict = await startReceiver((body) => (body.includes('checkUnknown') ? [400, ''] : right(body)));
    expect(failed(await check(strict.url))).toEqual([['unknown-fields', 'HTTP 400, not 200']]);
    const results = await check((await startReceiver(right)).url, { maxLatencyMs: 0, mode: 'axb' });
    expect(results.find(({ check }) => check === 'cdr')?.found).toMatch(/^\d+ ms, more than 0 ms$/);
  });

  it.each([
    ['axb', ['sms-notify', 'long-sms']],
    ['axe', []],
    ['ax', ['sms-notify', 'block-sms', 'long-sms']],
  ] as const)('of %s sends what that mode gets', async (mode, own) => {
    const receiver = await startReceiver(right);
    const results = await check(receiver.url, { mode });
    const ofModes = ['sms-notify', 'block-call', 'block-sms', 'long-sms'];
    expect(results.map(({ check }) => check).filter((name) => ofModes.includes(name))).toEqual(own);
    expect(receiver.bodies.some((body) => body.includes('collectInfo'))).toBe(mode === 'axe');
    expect(failed(results)).toEqual([]);
  });

  it('says what to do where pushes must be signed', async () => {
    const receiver = await startReceiver(() => [401, '']);
    expect(failed(await check(receiver.url))[0]).toEqual([
      'call-events',
      'HTTP 401, not 200 (pushes go unsigned: choose the profile of its application with -p)',
    ]);
  });

  it('tries a server that is not there once', async () => {
    const results = await check(new URL('http://127.0.0.1:1/'));
    expect(results.map(({ verdict }) => verdict)).toEqual(['failed', ...Array<string>(18).fill('skipped')]);
  });

  it('sends nothing in a dry run, and stops when told', async () => {
    const receiver = await startReceiver(right);
    expect((await check(receiver.url, { dryRun: true })).every(({ verdict }) => verdict === 'skipped')).toBe(true);
    expect(receiver.bodies).toEqual([]);
    const stop = AbortSignal.abort(new AppError('interrupted', 'stopped'));
    expect((await failureOf(check(receiver.url, { signal: stop }))).message).toBe('stopped');
  });
});
