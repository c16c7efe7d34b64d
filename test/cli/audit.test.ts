import { describe, expect, it } from 'vitest';
import { signatureHeaders } from '../../src/platform/signing.js';
import { openFileStore } from '../../src/store/file/open-file-store.js';
import { openWorld } from '../helpers/world.js';

const FEE = {
  sessionId: 'session-1',
  icid: 'icid-1',
  bindNum: '+8617000000001',
  serviceType: '004',
  subscriptionId: 'binding',
  callInTime: '2026-11-21 01:00:00',
  fwdAnswerTime: '2026-11-21 01:00:10',
  callEndTime: '2026-11-21 01:01:00',
  ulFailReason: 0,
};
const RECORDED = { recordFlag: 1, recordObjectName: 'a.wav', recordDomain: 'recordings.example' };
const body = (...fees: object[]): string => `${JSON.stringify({ eventType: 'fee', feeLst: fees })}\n`;
const event = (sessionId: string, timestamp: string): string =>
  `${JSON.stringify({ eventType: 'callin', statusInfo: { sessionId, timestamp, called: '+8617000000001' } })}\n`;

const BAD =
  body({ ...FEE, ...RECORDED }) +
  body({ ...FEE, ...RECORDED }) +
  body({
    ...FEE,
    icid: 'icid-2',
    sessionId: 'session-2',
    callInTime: '2026-11-01 01:00:00',
    callEndTime: '2026-11-01 01:01:00',
    fwdAnswerTime: '2026-11-01 01:00:10',
    ...RECORDED,
    recordObjectName: 'b.wav',
  }) +
  body({ ...FEE, icid: 'icid-3', sessionId: 'session-3', subscriptionId: '', fwdAnswerTime: '', ulFailReason: 8014 }) +
  event('session-4', '2026-11-20 01:00:00');

describe('audit', () => {
  it('names five of them, as many as asked for, or all', async () => {
    const world = await openWorld();
    const lost = Array.from({ length: 12 }, (_, index) => `lost-${index}`);
    await world.write(
      'calls.ndjson',
      lost
        .map((session) => event(session, '2026-11-20 01:00:00'))
        .join('')
        .repeat(2),
    );
    const named = async (...flags: string[]): Promise<string[]> => {
      const argv = ['audit', 'calls.ndjson', '--check', 'cdrs', '--query', 'items[].examples[]', ...flags];
      return (await world.cli(...argv)).stdout.split('\n').filter((line) => line !== '');
    };
    expect(await named()).toEqual(lost.slice(0, 5));
    expect(await named('--examples', '7')).toEqual(lost.slice(0, 7));
    expect(await named('--examples', '0')).toEqual([]);
    expect(await named('--examples', 'all')).toEqual(lost);
    expect(await world.cli('audit', 'calls.ndjson', '--examples', 'some', '--json')).toMatchObject({
      code: 2,
      error: { code: 'flag-invalid' },
    });
  });

  it('says what is wrong, what it means and what to do, the gravest first', async () => {
    const world = await openWorld();
    await world.write('calls.ndjson', BAD);
    const { code, json } = await world.cli('audit', 'calls.ndjson', '--json');
    expect(code).toBe(0);
    const { items } = json as { items: { code: string; count: number; examples: string[]; hoursLeft?: number }[] };
    expect(items.map((item) => [item.code, item.count, item.examples])).toEqual([
      ['recording-lost', 1, ['session-2']],
      ['cdr-missing', 1, ['session-4']],
      ['recording-waiting', 1, ['session-1']],
      ['binding-missing', 1, ['session-3']],
      ['record-repeated', 1, ['session-1']],
    ]);
    // Seven days after the end of the call at 01:01:00; the clock stands at midnight of the next day.
    expect(items[2]?.hoursLeft).toBe(145);
    expect(json).toMatchObject({
      kind: 'FindingList',
      items: [
        { severity: 'error', meaning: { zh: expect.any(String) }, remedy: { en: expect.any(String) } },
        {},
        {},
        {},
        {},
      ],
    });
  });

  it('ends with 10 under --strict when there is any, and 0 when there is none', async () => {
    const world = await openWorld();
    await world.write('bad.ndjson', BAD);
    await world.write('good.ndjson', body(FEE));
    const strict = await world.cli('audit', 'bad.ndjson', '--strict', '--check', 'duplicates', '--json');
    expect(strict).toMatchObject({ code: 10, json: { count: 1 }, error: { code: 'expectation-failed' } });
    expect(await world.cli('audit', 'good.ndjson', '--strict', '--json')).toMatchObject({
      code: 0,
      json: { count: 0 },
    });
    expect((await world.cli('audit', 'bad.ndjson', '--check', 'luck', '--json')).error).toMatchObject({
      code: 'flag-invalid',
    });
  });

  it('draws blocks on a terminal, in the chosen language, X masked', async () => {
    const world = await openWorld();
    await world.write('calls.ndjson', BAD);
    const argv = ['audit', 'calls.ndjson', '--lang', 'zh', '--check', 'bindings'];
    const shown = await world.run(argv, { terminal: true });
    expect(shown.stdout).toMatch(/^发现 +警告 · binding-missing$/m);
    expect(shown.stdout).toMatch(/^对象 +\+86170\*\*\*\*0001$/m);
    expect(shown.stdout).toMatch(/^处理 +用 query -x/m);
    expect(shown.stderr).toBe('5 条记录中有 1 项发现 · Asia/Shanghai\n');
    const csv = await world.cli(
      'audit',
      'calls.ndjson',
      '--check',
      'bindings',
      '-o',
      'csv',
      '--fields',
      'code,count,subject',
    );
    expect(csv.stdout).toBe('code,count,subject\r\nbinding-missing,1,+8617000000001\r\n');
  });

  it('checks the signatures of the journal with the secrets of the profile, and tells what was pushed again', async () => {
    const world = await openWorld();
    const folder = world.path('.local/share/privacy-call/sandbox');
    const store = await openFileStore({ folder, now: () => world.now(), pid: process.pid, hostname: 'test-host' });
    const push = { kind: 'fee', remote: '192.0.2.1', path: '/fee', bytes: Buffer.from(body(FEE).trim()) } as const;
    const signed = (appSecret: string): Readonly<Record<string, string>> =>
      signatureHeaders({
        appKey: 'sandbox-axb-key',
        appSecret,
        signing: 'aksk',
        nonce: 'n',
        created: '2026-11-21T01:02:00Z',
      });
    const at = new Date('2026-11-21T01:02:00Z');
    await store.journal.append({ ...push, at, key: 'a', headers: signed('sandbox-axb-secret') });
    await store.journal.append({ ...push, at, key: 'a', headers: signed('sandbox-axb-secret') });
    await store.journal.append({ ...push, at, key: 'b', headers: signed('not the secret') });
    await store.close();
    const audit = ['-p', 'sandbox', 'audit', '--json'];
    const { json, stderr } = await world.cli(...audit);
    expect(stderr).toBe('');
    const { items } = json as { items: { code: string; count: number }[] };
    expect(items.map(({ code, count }) => [code, count])).toEqual([
      ['signature-wrong', 1],
      ['push-repeated', 1],
      ['record-repeated', 1],
    ]);
    expect((await world.cli(...audit, '--since', '2026-11-22')).json).toMatchObject({ count: 0 });
  });

  it('says where signatures cannot be checked', async () => {
    const world = await openWorld();
    const asked = await world.cli('audit', '--json');
    expect(asked).toMatchObject({ code: 0, json: { count: 0 } });
    expect(asked.stderr).toContain('signatures are not checked: the profile has no credentials');
  });
});
