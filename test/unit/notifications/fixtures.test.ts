import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAll } from './notification-text.js';

const FOLDER = resolve('test/fixtures/platform');
const names = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(json|http)$/.test(name))
  .sort();

const session = '1200_1029_4294967295_20190123091514@callenabler246.huaweicaas.com';
const hungUp = {
  source: 'hangup',
  code: '0',
  zh: '接通后主动挂机',
  en: 'hung up after being connected (stateDesc: The user releases the call.)',
};

const AXB_CDR = {
  kind: 'CallRecord',
  sessionId: session,
  icid: 'ba171f34e6953fcd751edc77127748f4.3757223714.337238282.9',
  mode: 'axb',
  direction: 'a-to-b',
  caller: '+86138****0021',
  callee: '+86138****7021',
  x: '+86138****0022',
  y: undefined,
  extension: undefined,
  subscriptionId: '********',
  startedAt: new Date('2019-01-23T09:15:14Z'),
  ringingAt: new Date('2019-01-23T09:15:21Z'),
  answeredAt: new Date('2019-01-23T09:15:36Z'),
  endedAt: new Date('2019-01-23T09:16:41Z'),
  ringSeconds: 15,
  talkSeconds: 65,
  billedMinutes: 2,
  outcome: 'answered',
  cause: { source: 'release', code: '0', zh: '接通后主动挂机', en: 'hung up after being connected' },
  recording: {
    fileName: '****.wav',
    domain: '****.com',
    url: undefined,
    startedAt: new Date('2019-01-23T09:15:37Z'),
  },
  userData: undefined,
};

const AX_CDR = {
  ...AXB_CDR,
  sessionId: '1200_1827_4294967295_20190124023003@callenabler246.huaweicaas.com',
  icid: 'ba171f34e6953fcd751edc77127748f4.3757285803.338666679.5',
  mode: 'ax',
  subscriptionId: '****',
  startedAt: new Date('2019-01-24T02:30:03Z'),
  ringingAt: new Date('2019-01-24T02:30:04Z'),
  answeredAt: new Date('2019-01-24T02:30:06Z'),
  endedAt: new Date('2019-01-24T02:30:22Z'),
  ringSeconds: 2,
  talkSeconds: 16,
  billedMinutes: 1,
  recording: { ...AXB_CDR.recording, startedAt: new Date('2019-01-24T02:30:06Z') },
};

const EVENT = {
  kind: 'CallEvent',
  type: 'disconnect',
  sessionId: session,
  at: new Date('2019-01-23T09:16:41Z'),
  caller: '+86138****0021',
  callee: '+86138****7021',
  subscriptionId: '********',
  digits: undefined,
  notifyMode: undefined,
  cause: hungUp,
  userData: undefined,
};
const AX_EVENT = {
  ...EVENT,
  sessionId: '1200_1827_4294967295_20190124023003@callenabler246.huaweicaas.com',
  at: new Date('2019-01-24T02:30:22Z'),
  caller: '+86138****0022',
};
const AXE_EVENT = {
  ...EVENT,
  sessionId: '1202_1051_4294967295_20190124070250@callenabler246.huaweicaas.com',
  at: new Date('2019-01-24T07:03:28Z'),
  caller: '+86138****0022',
};
const during = (type: string, time: string, more: object = {}): object => ({
  ...EVENT,
  type,
  at: new Date(time),
  cause: undefined,
  ...more,
});

const SMS_NOTIFY = {
  kind: 'Sms',
  smsId: '********',
  notificationMode: 'Notify',
  caller: '+86138****0001',
  x: '+86138****0000',
  callee: undefined,
  subscriptionId: undefined,
  at: new Date('2020-12-23T09:06:16.450Z'),
  content: undefined,
  result: { source: 'sms', code: '2', zh: '无绑定关系', en: 'no binding' },
  userData: undefined,
};
const SMS_BLOCK = {
  ...SMS_NOTIFY,
  smsId: '****',
  notificationMode: 'Block',
  at: new Date('2018-09-13T09:46:16.023Z'),
  result: undefined,
};

/** What each file must give; a file without an entry holds no notification. Literal, from the documented bodies. */
const EXPECTED: Readonly<Record<string, object>> = {
  'ax-cdr.json': AX_CDR,
  'ax-cdr.http': AX_CDR,
  'axb-cdr.json': AXB_CDR,
  'axb-cdr.http': AXB_CDR,
  'ax-event-disconnect.json': AX_EVENT,
  'ax-event-disconnect.http': AX_EVENT,
  'axb-event-disconnect.json': EVENT,
  'axb-event-disconnect.http': EVENT,
  'axe-event-disconnect.json': AXE_EVENT,
  'ax-sms-notify.json': SMS_NOTIFY,
  'axb-sms-notify.json': SMS_NOTIFY,
  'axb-sms-notify.http': SMS_NOTIFY,
  'x-sms-notify.json': SMS_NOTIFY,
  'ax-sms-block-request.json': SMS_BLOCK,
  'ax-sms-block.http': SMS_BLOCK,
  'x-sms-block-request.json': SMS_BLOCK,
  'x-sms-block.http': SMS_BLOCK,
  'inferred/axb-event-callin.json': during('callin', '2019-01-23T09:15:14Z', { callee: '+86138****0022' }),
  'inferred/axb-event-callout.json': during('callout', '2019-01-23T09:15:15Z'),
  'inferred/axb-event-alerting.json': during('alerting', '2019-01-23T09:15:21Z'),
  'inferred/axb-event-answer.json': during('answer', '2019-01-23T09:15:36Z'),
  'inferred/axe-event-callin.json': during('callin', '2019-01-24T07:02:50Z', {
    sessionId: AXE_EVENT.sessionId,
    caller: '+86138****0022',
    callee: '+86180****0001',
    subscriptionId: undefined,
  }),
  'inferred/axe-event-collect-info.json': during('collectInfo', '2019-01-24T07:02:58Z', {
    sessionId: AXE_EVENT.sessionId,
    caller: undefined,
    callee: undefined,
    subscriptionId: undefined,
    digits: '1234',
  }),
  'inferred/x-event-callin.json': during('callin', '2019-01-23T09:15:14Z', {
    callee: '+86138****0000',
    subscriptionId: undefined,
    notifyMode: 'Block',
  }),
  'inferred/common-number-status.json': {
    kind: 'NumberStatus',
    x: '+86138****0022',
    status: { source: 'number-status', code: '10', zh: '不可用', en: 'unusable' },
    cause: { source: 'number-cause', code: '2', zh: '欠费', en: 'arrears' },
    at: undefined,
  },
};

describe('the documented examples', () => {
  it('are all there', () => {
    expect(Object.keys(EXPECTED).filter((name) => !names.includes(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(50);
  });

  it.each(names)('%s', async (name) => {
    const { items, problems } = await readAll(readFileSync(join(FOLDER, name)));
    const expected = EXPECTED[name];
    const records = items.map(({ record: { raw: _raw, ...rest } }) => rest);
    if (expected === undefined) {
      expect(records).toEqual([]);
      expect(problems.every(({ reason }) => /^(not a notification|holds no JSON)$/.test(reason))).toBe(true);
      expect(problems.length).toBeGreaterThan(0);
    } else {
      expect(records).toStrictEqual([expected]);
    }
  });

  it.each(['axb-cdr.json', 'ax-sms-notify.json', 'axe-event-disconnect.json', 'ax-sms-block.http'])(
    '%s, cut at every byte, gives the record whole or one problem, and the record behind it in any case',
    async (name) => {
      const bytes = readFileSync(join(FOLDER, name));
      const behind = `\n${JSON.stringify({ eventType: 'answer', statusInfo: { sessionId: 'behind' } })}\n`;
      for (let length = 0; length < bytes.length; length++) {
        const cut = bytes.subarray(0, length);
        const alone = await readAll(cut, { pieceBytes: 100 });
        const whole = alone.items.length === 1;
        if (whole) expect(alone.items[0]!.record).toMatchObject(EXPECTED[name]!);
        const text = cut.toString();
        if (!whole && text.includes('{')) expect(alone.problems, `cut at ${length}`).toHaveLength(1);
        const followed = await readAll(Buffer.concat([cut, Buffer.from(behind)]));
        expect(followed.items.at(-1)?.record, `cut at ${length}`).toMatchObject({ sessionId: 'behind' });
        if (!whole && followed.items.length === 1 && /\{\s*"/.test(text)) {
          expect(followed.problems, `cut at ${length}, followed`).toHaveLength(1);
        }
      }
    },
  );
});
