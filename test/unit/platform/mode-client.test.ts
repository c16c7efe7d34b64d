import { afterEach, describe, expect, it } from 'vitest';
import type { Binding } from '../../../src/domain/binding.js';
import type { BindingMode } from '../../../src/domain/mode.js';
import type { Values } from '../../../src/platform/declarations/declaration.js';
import { openScriptedPlatform, SCRIPT_NOW, type ScriptedAnswer, type ScriptedPlatform } from './scripted-platform.js';

const A = '+8613800000001';
const B = '+8613800000002';
const X = '+8613800000003';
const Y = '+8613800000004';
const IN_AN_HOUR = new Date('2026-07-01T01:00:00Z');

let scripted: ScriptedPlatform;
afterEach(() => scripted.close());

async function bind(mode: BindingMode, values: Values, body: Record<string, unknown>): Promise<Binding> {
  scripted = await openScriptedPlatform([{ body }]);
  const { raw, ...binding } = await scripted.platform.bind(mode, values);
  expect(raw).toEqual({ resultcode: '0', resultdesc: 'Success', ...body });
  return JSON.parse(JSON.stringify(binding)) as Binding;
}

async function query(mode: BindingMode, values: Values, answers: readonly ScriptedAnswer[]): Promise<Binding[]> {
  scripted = await openScriptedPlatform(answers);
  const found: Binding[] = [];
  for await (const binding of scripted.platform.query(mode, values)) found.push(binding);
  return found;
}

const createdAt = SCRIPT_NOW.toISOString();

describe('bind', () => {
  it('AX: without end', async () => {
    const answer = { origNum: A, privateNum: X, subscriptionId: 'i1' };
    expect(await bind('ax', { a: A, area: '0755', userData: 'u' }, answer)).toEqual({
      kind: 'Binding',
      subscriptionId: 'i1',
      mode: 'ax',
      a: A,
      x: X,
      direction: 'both',
      recording: false,
      sms: true,
      userData: 'u',
      createdAt,
      expiresAt: null,
    });
  });

  it('AXB: to the end that the answer tells, else the request', async () => {
    const values = { a: A, b: B, ttl: 60, record: true, recordTone: 't.wav', direction: 'a-to-b', sms: false };
    expect(
      await bind('axb', values, { subscriptionId: 'i1', relationNum: X, duration: 3600, callDirection: 2 }),
    ).toEqual({
      kind: 'Binding',
      subscriptionId: 'i1',
      mode: 'axb',
      a: A,
      b: B,
      x: X,
      direction: 'b-to-a',
      recording: true,
      sms: false,
      createdAt,
      expiresAt: IN_AN_HOUR.toISOString(),
    });
    await scripted.close();
    expect((await bind('axb', { a: A, b: B, x: X, ttl: 3600 }, { subscriptionId: 'i1' })).expiresAt).toBe(
      IN_AN_HOUR.toISOString(),
    );
    await scripted.close();
    expect((await bind('axb', { a: A, b: B, x: X }, { subscriptionId: 'i1' })).expiresAt).toBeNull();
  });

  it('AXE: with the extension that the platform picked', async () => {
    const answer = { subscriptionId: 'i1', virtualNum: X, extendNum: '0012' };
    expect(await bind('axe', { a: A, x: X, ttl: 3600 }, answer)).toEqual({
      kind: 'Binding',
      subscriptionId: 'i1',
      mode: 'axe',
      a: A,
      x: X,
      extension: '0012',
      recording: false,
      createdAt,
      expiresAt: IN_AN_HOUR.toISOString(),
    });
  });

  it('AXYB: in two steps', async () => {
    const first = await bind('axyb', { a: A, area: '010' }, { subscriptionId: 'i1', relationNumber: X });
    expect(first).toMatchObject({ a: A, x: X, expiresAt: '2026-07-01T02:00:00.000Z' });
    await scripted.close();
    const second = await bind('axyb', { id: 'i1', b: B }, { subscriptionId: 'i1', relationNumber: Y });
    expect(second).toMatchObject({ subscriptionId: 'i1', b: B, y: Y });
    expect(second).not.toHaveProperty('expiresAt');
    expect(scripted.requests[0]!.body).toBe(`{"origNum":"${B}","subscriptionId":"i1"}`);
  });
});

describe('query', () => {
  const none: ScriptedAnswer[] = [
    { status: 403, body: { resultcode: '1012007', resultdesc: 'The record does not exist' } },
    { status: 403, body: { resultcode: '1016001', resultdesc: 'The record does not exist.' } },
    { status: 403, body: { resultcode: '1010002', resultdesc: 'The relation does not exist' } },
    { body: {} },
  ];

  it.each(none)('finds none: %o', async (answer) => {
    expect(await query('axb', { x: X }, [answer])).toEqual([]);
  });

  it.each<[BindingMode, Values]>([
    ['ax', { a: A }],
    ['axe', { id: 'i1' }],
    ['axe', { x: X }],
    ['axyb', { x: X }],
  ])('finds none in %s by %o', async (mode, values) => {
    expect(await query(mode, values, [none[1]!])).toEqual([]);
  });

  it('does not take a bad request for none', async () => {
    const answer = { status: 403, body: { resultcode: '1010002', resultdesc: 'Invalid request.relationNum' } };
    await expect(query('axb', { x: X }, [answer])).rejects.toMatchObject({ code: 'request-rejected' });
  });

  it('AX: every X of an A', async () => {
    const list = [
      { subscriptionId: 'i1', origNum: A, privateNum: X, subscribeTime: '2016-12-24 15:15:15', recordFlag: 'true' },
      { subscriptionId: 'i2', origNum: A, privateNum: Y, privateSms: 'false' },
    ];
    const found = await query('ax', { a: A }, [{ body: { privateNumList: list } }]);
    expect(found).toMatchObject([
      { subscriptionId: 'i1', a: A, x: X, recording: true, sms: true, expiresAt: null, raw: list[0] },
      { subscriptionId: 'i2', x: Y, sms: false },
    ]);
    expect(found[0]?.subscribeTime).toBe('2016-12-24 15:15:15');
    expect(scripted.requests[0]!.target).toContain('?origNum=%2B8613800000001');
  });

  const pair = (id: number): Record<string, unknown> => ({
    subscriptionId: `i${id}`,
    relationNum: X,
    callerNum: A,
    calleeNum: B,
    duration: id % 2,
  });
  const pairs = (from: number, to: number): Record<string, unknown>[] =>
    Array.from({ length: to - from }, (_, index) => pair(from + index));

  it('AXB: page after page until the total', async () => {
    const page = (list: unknown): ScriptedAnswer => ({
      body: { totalCount: 200, pageSize: 100, relationNumList: list },
    });
    const found = await query('axb', { x: X }, [page(pairs(0, 100)), page(pairs(100, 200))]);
    expect(found.map((binding) => binding.subscriptionId)).toEqual(pairs(0, 200).map((one) => one.subscriptionId));
    expect(found.slice(0, 2).map((binding) => binding.expiresAt)).toEqual([null, undefined]);
    expect(scripted.requests.map((request) => request.target.split('?')[1])).toEqual([
      'relationNum=%2B8613800000003&pageIndex=1&pageSize=100',
      'relationNum=%2B8613800000003&pageIndex=2&pageSize=100',
    ]);
  });

  it('AXB: without a total until a short page, each pair once', async () => {
    const found = await query('axb', { x: X, pageSize: 10 }, [
      { body: { relationNumList: pairs(0, 10) } },
      { body: { relationNumList: pairs(9, 14) } },
    ]);
    expect(found.map((binding) => binding.subscriptionId)).toEqual(pairs(0, 14).map((one) => one.subscriptionId));
    expect(scripted.requests).toHaveLength(2);
  });

  it('AXB: ends when the platform shows the same page again and again', async () => {
    const same: ScriptedAnswer = { body: { relationNumList: pairs(0, 10) } };
    expect(await query('axb', { x: X, pageSize: 10 }, [same, same, same])).toHaveLength(10);
    expect(scripted.requests).toHaveLength(2);
  });

  it('AXB: reads no further page than the caller wants', async () => {
    const page: ScriptedAnswer = { body: { relationNumList: pairs(0, 100) } };
    scripted = await openScriptedPlatform([page, page]);
    for await (const _ of scripted.platform.query('axb', { x: X })) break;
    expect(scripted.requests).toHaveLength(1);
  });

  it('AXB: one answer by ID or by A', async () => {
    const answer: ScriptedAnswer = { body: { relationNumList: [pair(1)] } };
    expect(await query('axb', { x: X, a: A }, [answer])).toHaveLength(1);
    expect(scripted.requests[0]!.target).not.toContain('pageIndex');
  });

  it('AXE: one binding by X and extension, from the first interface', async () => {
    const body = {
      subscriptionId: 'i1',
      virtualNum: X,
      extendNum: '12',
      bindNum: A,
      bindExpiredTime: 24,
      timeUnit: '0',
    };
    const found = await query('axe', { x: X, extension: '12' }, [{ body }]);
    expect(found).toMatchObject([{ subscriptionId: 'i1', x: X, extension: '12', a: A }]);
    expect(found[0]?.expiresAt).toBeUndefined();
    expect(scripted.requests[0]!.target).toBe('/rest/caas/extendnumber/v1.0?virtualNum=%2B8613800000003&extendNum=12');
  });

  it('AXE: all of an X by cursor, whatever the list is called', async () => {
    const one = (id: string): Record<string, unknown> => ({ subscriptionId: id, extendNum: id, bindNum: A });
    const found = await query('axe', { x: X }, [
      { body: { nextCusor: '1700000000000_5', bindingList: [one('1'), one('2')] } },
      { body: { nextCursor: '1700000000000_9', extendNumList: [one('3')] } },
      { body: { nextCusor: '', list: [] } },
    ]);
    expect(found.map(({ extension, x }) => [extension, x])).toEqual([
      ['1', X],
      ['2', X],
      ['3', X],
    ]);
    expect(scripted.requests.map((request) => request.target.split('?')[1])).toEqual([
      'virtualNum=%2B8613800000003',
      'virtualNum=%2B8613800000003&cursor=1700000000000_5',
      'virtualNum=%2B8613800000003&cursor=1700000000000_9',
    ]);
  });

  it('AXYB: every Y of an X', async () => {
    const item = { bindId: 'i1', numA: A, numX: X, numY: Y, numB: B, duration: '0', callDirection: 1 };
    const found = await query('axyb', { x: X }, [{ body: { xyRelationNumList: [item] } }]);
    expect(found).toMatchObject([
      { subscriptionId: 'i1', a: A, b: B, x: X, y: Y, direction: 'a-to-b', expiresAt: null },
    ]);
    expect(scripted.requests[0]!.target).toBe(
      '/rest/omp/xyrelationnumber/v1.0?app_key=key-1&relationNum=%2B8613800000003',
    );
  });
});
