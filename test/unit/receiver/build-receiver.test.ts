import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.js';
import { created, signatureHeaders } from '../../../src/platform/signing.js';
import { FileJournal } from '../../../src/store/file/file-journal.js';
import { openJournal, readAll, temporaryFolder } from '../store/samples.js';
import { NOW, run, send, sendRaw } from './running.js';

const EVENT = '{"eventType":"disconnect","statusInfo":{"sessionId":"s1","timestamp":"2019-01-24 02:30:22"}}';
const CALL_BLOCK = '{"eventType":"callin","statusInfo":{"sessionId":"s1","notifyMode":"Block"}}';
const SMS_BLOCK = '{"appKey":"k","smsEvent":{"smsIdentifier":"m1","notificationMode":"Block"}}';

const signed = (appSecret: string): Record<string, string> => ({
  ...signatureHeaders({ appKey: 'key-one', appSecret, signing: 'aksk', nonce: 'n1', created: created(NOW) }),
});

describe('buildReceiver', () => {
  it('keeps a push as it came, then answers 200 with an empty body', async () => {
    const receiver = await run();
    const answer = await send(`${receiver.url}/fee/x?a=1&b=%20`, {
      body: EVENT,
      headers: { 'X-Own': 'v', 'content-type': 'text/odd' },
    });
    expect(answer).toMatchObject({ status: 200, text: '', headers: { 'content-length': '0' } });
    expect(receiver.journal.pushes).toEqual([
      {
        at: NOW,
        kind: 'event',
        key: 'event:s1:disconnect',
        remote: '127.0.0.1',
        path: '/fee/x?a=1&b=%20',
        headers: expect.objectContaining({ 'x-own': 'v', 'content-type': 'text/odd' }) as unknown,
        bytes: Buffer.from(EVENT),
        isJson: true,
      },
    ]);
    expect(await receiver.nextReport()).toMatchObject({
      kind: 'event',
      key: 'event:s1:disconnect',
      result: 'new',
      status: 200,
      signature: 'unchecked',
    });
  });

  it('does not answer before the push is durable', async () => {
    const receiver = await run();
    let open = (): void => undefined;
    receiver.journal.gate = new Promise((resolve) => (open = resolve));
    const order: string[] = [];
    const answer = send(receiver.url, { body: EVENT }).then(() => order.push('answered'));
    await send(`${receiver.url}/healthz`, { method: 'GET' });
    order.push('durable');
    open();
    await answer;
    expect(order).toEqual(['durable', 'answered']);
  });

  it.each(['duplicate', 'conflict'] as const)('answers a %s with 200', async (result) => {
    const receiver = await run();
    receiver.journal.result = result;
    expect((await send(receiver.url, { body: EVENT })).status).toBe(200);
    expect((await receiver.nextReport()).result).toBe(result);
  });

  it('answers 503 with Retry-After when the store refuses, and is degraded', async () => {
    const receiver = await run();
    receiver.journal.failure = new AppError('disk-full', 'cannot write the journal: no space left');
    const answer = await send(receiver.url, { body: EVENT });
    expect([answer.status, answer.headers['retry-after'], answer.text]).toEqual([503, '60', '']);
    expect(await receiver.nextReport()).toMatchObject({ status: 503, result: undefined });
    const health = await send(`${receiver.url}/healthz`, { method: 'GET' });
    expect([health.status, JSON.parse(health.text)]).toEqual([503, { status: 'degraded', pendingBytes: 0 }]);
    receiver.journal.failure = undefined;
    const good = await send(`${receiver.url}/healthz?probe=1`, { method: 'GET' });
    expect([good.status, JSON.parse(good.text)]).toEqual([200, { status: 'ok', pendingBytes: 0 }]);
  });

  it('tries a degraded disk again for who asks for the health, after ten seconds', async () => {
    let ms = NOW.getTime();
    let tries = 0;
    const journal = {
      healthy: false,
      pendingBytes: 0,
      append: () => Promise.reject(new AppError('disk-full', 'no space left')),
      prepare: () => {
        tries += 1;
        journal.healthy = tries === 2;
        return journal.healthy ? Promise.resolve() : Promise.reject(new AppError('disk-full', 'no space left'));
      },
    };
    const receiver = await run({ journal, now: () => new Date(ms) });
    const statuses: number[] = [];
    for (const waitMs of [0, 9999, 1, 10_000]) {
      ms += waitMs;
      statuses.push((await send(`${receiver.url}/healthz`, { method: 'GET' })).status);
    }
    expect([statuses, tries]).toEqual([[503, 503, 503, 200], 2]);
  });

  it('ends a call and discards an SMS that wait for an instruction, unless somebody decides', async () => {
    const receiver = await run();
    const call = await send(receiver.url, { body: CALL_BLOCK });
    expect([call.text, call.headers['content-type']]).toEqual([
      '{"operation":"close","closeInfo":{}}',
      'application/json;charset=UTF-8',
    ]);
    expect((await send(receiver.url, { body: SMS_BLOCK })).text).toBe('{"actions":[{"operation":"DiscardMessage"}]}');
    const deciding = await run({
      answer: (push) => (push.kind === 'event' ? { body: '{"operation":"connect"}' } : undefined),
    });
    expect((await send(deciding.url, { body: CALL_BLOCK })).text).toBe('{"operation":"connect"}');
    expect((await send(deciding.url, { body: SMS_BLOCK })).text).toBe('{"actions":[{"operation":"DiscardMessage"}]}');
    const failing = await run({ answer: () => Promise.reject(new Error('down')) });
    expect(await send(failing.url, { body: CALL_BLOCK })).toMatchObject({ status: 200, text: call.text });
    expect(failing.journal.pushes).toHaveLength(1);
  });

  it('reads the documented Block example', async () => {
    const receiver = await run();
    const body = await readFile(new URL('../../fixtures/platform/ax-sms-block-request.json', import.meta.url));
    expect((await send(receiver.url, { body })).text).toBe('{"actions":[{"operation":"DiscardMessage"}]}');
  });

  it.each<[string, number, Parameters<typeof send>[1]]>([
    ['GET', 405, { method: 'GET' }],
    ['PUT', 405, { method: 'PUT', body: EVENT }],
    ['a compressed body', 415, { body: EVENT, headers: { 'content-encoding': 'gzip' } }],
    ['stacked encodings', 415, { body: EVENT, headers: { 'content-encoding': 'identity, gzip' } }],
    [
      '101 headers',
      431,
      { body: EVENT, headers: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`x-${n}`, '1'])) },
    ],
    ['1 MiB and a byte', 413, { body: Buffer.alloc(1024 * 1024 + 1, 0x20) }],
    [
      'the same in chunks',
      413,
      { body: Buffer.alloc(1024 * 1024 + 1, 0x20), headers: { 'transfer-encoding': 'chunked' } },
    ],
  ])('refuses %s with %i, keeps nothing, closes', async (_name, status, options) => {
    const receiver = await run();
    const answer = await send(receiver.url, options);
    expect([answer.status, answer.headers.connection]).toEqual([status, 'close']);
    expect(receiver.journal.pushes).toEqual([]);
    expect(await receiver.nextReport()).toMatchObject({ status, result: undefined });
  });

  it('takes what comes on its paths, whatever the query, and answers 404 elsewhere', async () => {
    const receiver = await run({ takesPath: (path) => path === '/fee' });
    expect((await send(`${receiver.url}/fee?a=1`, { body: EVENT })).status).toBe(200);
    await receiver.nextReport();
    const answer = await send(`${receiver.url}/fee/`, { body: EVENT });
    expect([answer.status, answer.headers.connection]).toEqual([404, 'close']);
    expect(await receiver.nextReport()).toMatchObject({ status: 404, result: undefined, path: '/fee/' });
    expect(receiver.journal.pushes).toHaveLength(1);
    expect((await send(`${receiver.url}/healthz`, { method: 'GET' })).status).toBe(200);
  });

  it('takes a body of 1 MiB, an empty one, and content-encoding identity', async () => {
    const receiver = await run();
    const big = Buffer.alloc(1024 * 1024, 0x20);
    expect((await send(receiver.url, { body: big })).status).toBe(200);
    expect((await send(receiver.url, {})).status).toBe(200);
    expect((await send(receiver.url, { body: EVENT, headers: { 'content-encoding': 'Identity' } })).status).toBe(200);
    expect(receiver.journal.pushes.map(({ bytes }) => bytes.length)).toEqual([1024 * 1024, 0, EVENT.length]);
  });

  it('holds no more of the bodies on their way than it may, and asks for the rest later', async () => {
    const receiver = await run({ maxReadingBytes: 1000 });
    const refused = await send(receiver.url, { body: Buffer.alloc(1500, 0x20) });
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '60']);
    // What was held for a body is free again, whatever became of it.
    for (let count = 0; count < 3; count += 1)
      expect((await send(receiver.url, { body: Buffer.alloc(900, 0x20) })).status).toBe(200);
    expect(receiver.journal.pushes.map(({ bytes }) => bytes.length)).toEqual([900, 900, 900]);
  });

  it('takes a request line with the full URL and keeps its path', async () => {
    const receiver = await run();
    const answer = await sendRaw(
      receiver.port,
      `POST http://elsewhere.example:8080/status?x=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(receiver.journal.pushes[0]?.path).toBe('/status?x=1');
    expect(await sendRaw(receiver.port, `POST http://a HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}`)).toMatch(
      /^HTTP\/1\.1 200 /,
    );
    expect(receiver.journal.pushes[1]?.path).toBe('/');
  });

  it('S6: tells of a request without a host, and of one of HTTP/0.9, as of any other that it refuses', async () => {
    const receiver = await run();
    await sendRaw(receiver.port, 'POST /fee HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}');
    await sendRaw(receiver.port, 'POST /fee\r\n\r\n');
    expect(await receiver.nextReport()).toMatchObject({ status: 400, result: undefined, path: '/fee' });
    expect(await receiver.nextReport()).toMatchObject({ status: 400, result: undefined, path: '/fee' });
    expect(receiver.lines[0]).toBe(
      'refused a request of 127.0.0.1 with 400: it is no HTTP/1.1 with a host and no HTTP/1.0',
    );
  });

  it('keeps nothing of a push that breaks off', async () => {
    const receiver = await run();
    const logged = new Promise<void>((resolve) => {
      const socket = connect(receiver.port, '127.0.0.1', () => {
        socket.end('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"half":');
      });
      socket.on('close', () => {
        resolve();
      });
      socket.resume();
    });
    await logged;
    expect((await send(receiver.url, { body: EVENT })).status).toBe(200);
    expect(receiver.journal.pushes).toHaveLength(1);
  });

  it('S5: gives names of prototypes no power', async () => {
    const receiver = await run();
    await send(receiver.url, {
      body: '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
      headers: { ['__proto__']: 'x', constructor: 'y' },
    });
    await sendRaw(
      receiver.port,
      'POST / HTTP/1.1\r\nHost: a\r\n__proto__: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(receiver.journal.pushes).toHaveLength(2);
    expect(Object.getOwnPropertyDescriptor(receiver.journal.pushes[1]?.headers, '__proto__')?.value).toBe('x');
  });

  it('S7: refuses addresses that are not allowed', async () => {
    const receiver = await run({ allow: (remote) => remote !== '127.0.0.1' });
    expect((await send(receiver.url, { body: EVENT })).status).toBe(403);
    expect(receiver.journal.pushes).toEqual([]);
    expect((await send(`${receiver.url}/healthz`, { method: 'GET' })).status).toBe(200);
  });

  it.each([
    ['warn', 'a good signature', signed('secret-one'), 200, 'valid'],
    ['warn', 'a wrong one', signed('secret-two'), 200, 'invalid'],
    ['strict', 'a good signature', signed('secret-one'), 200, 'valid'],
    ['strict', 'a good one behind a proxy', { ...signed('secret-one'), authorization: '' }, 200, 'valid'],
    ['strict', 'a wrong one', signed('secret-two'), 401, 'invalid'],
    ['strict', 'none', {}, 401, 'absent'],
    ['strict', 'an empty token', { 'x-wsse': 'UsernameToken' }, 401, 'absent'],
    ['off', 'a wrong one', signed('secret-two'), 200, 'unchecked'],
  ] as const)('S7: verify %s: %s', async (...row) => {
    const [verify, , headers, status, signature] = row;
    const receiver = await run({ verify, secretOf: (appKey) => (appKey === 'key-one' ? 'secret-one' : undefined) });
    const answer = await send(receiver.url, { body: EVENT, headers });
    expect(answer.status).toBe(status);
    expect(await receiver.nextReport()).toMatchObject({ signature, status });
    expect(receiver.journal.pushes).toHaveLength(status === 200 ? 1 : 0);
    expect(receiver.lines.join('\n')).not.toMatch(/secret|PasswordDigest|n1/);
    const isWarned = verify === 'warn' && signature !== 'valid';
    expect(receiver.lines.filter((line) => line.includes('taken all the same'))).toHaveLength(isWarned ? 1 : 0);
  });

  it('logs one line a second and counts the others', async () => {
    let ms = NOW.getTime();
    const receiver = await run({ allow: () => false, now: () => new Date(ms) });
    for (let n = 0; n < 5; n += 1) await send(receiver.url, { body: EVENT });
    expect(receiver.lines).toEqual(['refused a request of 127.0.0.1 with 403: this address is not allowed']);
    ms += 1000;
    await send(receiver.url, { body: EVENT });
    expect(receiver.lines[1]).toBe('refused a request of 127.0.0.1 with 403: this address is not allowed (and 4 more)');
  });

  it('answers 200 although the report fails', async () => {
    const receiver = await run({
      onPush: () => {
        throw new Error('listener');
      },
    });
    expect((await send(receiver.url, { body: EVENT })).status).toBe(200);
    expect((await send(receiver.url, { body: EVENT })).status).toBe(200);
  });

  it('R11: keeps every kind of body byte for byte on disk', async () => {
    const journal = openJournal(await temporaryFolder());
    expect(journal).toBeInstanceOf(FileJournal);
    const receiver = await run({ journal });
    const bodies: (string | Uint8Array)[] = [
      EVENT,
      '',
      'not JSON',
      Buffer.from([0xff, 0x00, 0x80]),
      '\uFEFF{"eventType":"fee"}',
      '{"id":12345678901234567890}',
      '{"a":1,"a":2}',
      '{"a":"\\udc00"}',
      '{\r\n "pretty": true\r\n}\r\n',
      '['.repeat(200_000) + ']'.repeat(200_000),
      '{"eventType":"later","x":[]}',
      '{"eventType":"fee","feeLst":[{"newField":1}]}',
    ];
    for (const body of bodies) expect((await send(receiver.url, { body })).status).toBe(200);
    const { pushes, damage } = await readAll(journal);
    expect(damage).toEqual([]);
    for (const [index, body] of bodies.entries()) {
      expect(Buffer.from(pushes[index]!.bytes).equals(Buffer.from(body as string)), `body ${index}`).toBe(true);
    }
  });

  it('is only as good as its disk: 503 once the folder is gone', async () => {
    const { rm } = await import('node:fs/promises');
    const folder = `${await temporaryFolder()}/data`;
    const receiver = await run({ journal: openJournal(folder) });
    expect((await send(receiver.url, { body: EVENT })).status).toBe(200);
    await rm(folder, { recursive: true });
    expect((await send(receiver.url, { body: EVENT })).status).toBe(503);
    expect((await send(`${receiver.url}/healthz`, { method: 'GET' })).status).toBe(503);
  });
});
