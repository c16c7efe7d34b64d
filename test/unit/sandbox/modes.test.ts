import { describe, expect, it } from 'vitest';
import { Bench, PATHS } from './client.js';

const A = '+8613800000001';
const B = '+8613800000002';
const C = '+8613800000003';
const q = encodeURIComponent;

function extensionsOf(list: readonly { extendNum: string }[]): string[] {
  return list.map(({ extendNum }) => extendNum);
}

describe('AX', () => {
  const X = '+8617000000101';
  const bind = { origNum: A, privateNum: X };

  it('binds as the documented example and answers in its order', async () => {
    const bench = new Bench();
    const preVoice = { callerHintTone: 'callerHintTone.wav', calleeHintTone: 'calleeHintTone.wav' };
    const bound = await bench.send('ax', 'POST', PATHS.ax, { ...bind, preVoice });
    expect(bound.status).toBe(200);
    expect(Object.keys(bound.json as object)).toEqual([
      'resultcode',
      'resultdesc',
      'origNum',
      'privateNum',
      'subscriptionId',
    ]);
    expect(bound.json).toMatchObject({ resultcode: '0', resultdesc: 'Success', origNum: A, privateNum: X });
    const { json } = await bench.send('ax', 'GET', `${PATHS.ax}?privateNum=${q(X)}`);
    expect(json.privateNumList).toEqual([
      {
        origNum: A,
        privateNum: X,
        privateNumType: 'mobile-virtual',
        subscribeTime: '2026-11-22 08:00:00',
        subscriptionId: bound.json.subscriptionId,
        recordFlag: 'false',
        preVoice,
        maxDuration: 0,
      },
    ]);
  });

  it.each<[string, object, string]>([
    ['no number of anybody', { ...bind, privateNum: '+8617000000999' }, '1011001'],
    ['X badly written', { ...bind, privateNum: '17000000101' }, '1011001'],
    ['X of another application', { ...bind, privateNum: '+8617000000201' }, '1011004'],
    ['neither X nor area', { origNum: A }, '1010002'],
    ['area without the kind', { origNum: A, areaCode: '0755' }, '1010002'],
    ['no number in the city', { origNum: A, areaCode: '0571', privateNumType: 'mobile-virtual' }, '1011002'],
    ['direction', { ...bind, callDirection: 7 }, '1010002'],
    ['braces', { ...bind, userData: '{}' }, '1010002'],
    ['lastMinVoice alone', { ...bind, lastMinVoice: 'a.wav' }, '1010002'],
  ])('refuses: %s', async (_name, body, code) => {
    expect(await new Bench().code('ax', 'POST', PATHS.ax, body)).toEqual([403, code]);
  });

  it('allows an A five X, an X one A, and looks elsewhere only when told', async () => {
    const bench = new Bench();
    const byArea = { origNum: A, areaCode: '0755', privateNumType: 'mobile-virtual' };
    for (const x of ['101', '102', '103', '104']) {
      expect((await bench.send('ax', 'POST', PATHS.ax, byArea)).json.privateNum).toBe(`+8617000000${x}`);
    }
    expect(await bench.code('ax', 'POST', PATHS.ax, byArea)).toEqual([403, '1011002']);
    const anywhere = await bench.send('ax', 'POST', PATHS.ax, { ...byArea, areaMatchMode: '1' });
    expect(anywhere.json.privateNum).toBe('+8617000000105');
    expect(await bench.code('ax', 'POST', PATHS.ax, { origNum: A, privateNum: '+8617000000106' })).toEqual([
      403,
      '1011003',
    ]);
    expect(await bench.code('ax', 'POST', PATHS.ax, { origNum: B, privateNum: X })).toEqual([403, '1011005']);
    expect(await bench.code('ax', 'POST', PATHS.ax, bind)).toEqual([403, '1016002']);
    const { json } = await bench.send('ax', 'GET', `${PATHS.ax}?origNum=${q(A)}`);
    expect(json.privateNumList).toHaveLength(5);
  });

  it('updates, unbinds, and says what it does not find', async () => {
    const bench = new Bench();
    const { subscriptionId } = (await bench.send('ax', 'POST', PATHS.ax, bind)).json;
    expect(await bench.code('ax', 'PUT', PATHS.ax, { subscriptionId, privateSms: 'false', origNum: B })).toEqual([
      200,
      '0',
    ]);
    expect(bench.core.state.ax[0]).toMatchObject({ a: B, sms: false });
    expect(await bench.code('ax', 'PUT', PATHS.ax, { subscriptionId: 'no' })).toEqual([403, '1016001']);
    expect(await bench.code('ax', 'PUT', PATHS.ax, { subscriptionId, lastMinVoice: 'a.wav' })).toEqual([
      403,
      '1010002',
    ]);
    expect(await bench.code('ax', 'DELETE', PATHS.ax)).toEqual([403, '1011004']);
    // A raw plus is a blank.
    expect(await bench.code('ax', 'DELETE', `${PATHS.ax}?privateNum=${X}`)).toEqual([403, '1011004']);
    expect(await bench.code('ax', 'DELETE', `${PATHS.ax}?origNum=${q(B)}&privateNum=${q(X)}`)).toEqual([200, '0']);
    expect(await bench.code('ax', 'DELETE', `${PATHS.ax}?subscriptionId=${subscriptionId}`)).toEqual([403, '1016001']);
    expect(await bench.code('ax', 'GET', `${PATHS.ax}?subscriptionId=${subscriptionId}`)).toEqual([403, '1016001']);
    expect(await bench.code('ax', 'PUT', PATHS.callee, { subscriptionId, calleeNum: B })).toEqual([403, '1016001']);
  });

  it('knows the state of the number and of recording', async () => {
    const bench = new Bench();
    await bench.control.number({ x: X, status: '10', cause: '2' });
    expect(await bench.code('ax', 'POST', PATHS.ax, bind)).toEqual([403, '1012102']);
    await bench.control.applications({ mode: 'ax', recording: false });
    const recorded = { origNum: A, privateNum: '+8617000000102', recordFlag: true, recordHintTone: 'a.wav' };
    expect(await bench.code('ax', 'POST', PATHS.ax, recorded)).toEqual([403, '1012012']);
  });
});

describe('AXB', () => {
  const X = '+8617000000201';
  const bind = { callerNum: A, relationNum: X, calleeNum: B };
  const byX = `${PATHS.axb}?relationNum=${q(X)}`;

  it('binds as the documented example and answers in its order', async () => {
    const { json } = await new Bench().send('axb', 'POST', PATHS.axb, {
      ...bind,
      callDirection: 0,
      duration: 0,
      maxDuration: 0,
    });
    expect(Object.entries(json as object).filter(([name]) => name !== 'subscriptionId')).toEqual([
      ['resultcode', '0'],
      ['resultdesc', 'Success'],
      ['relationNum', X],
      ['callDirection', 0],
      ['duration', 0],
      ['maxDuration', 0],
    ]);
    expect(json.subscriptionId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it.each<[string, object, string]>([
    ['X of nobody', { ...bind, relationNum: '+8617000000999' }, '1012001'],
    ['no B', { callerNum: A, relationNum: X }, '1010002'],
    ['A is B', { ...bind, calleeNum: A }, '1010002'],
    ['duration', { ...bind, duration: 7_776_001 }, '1010002'],
    ['no such city', { callerNum: A, calleeNum: B, areaCode: '0571' }, '1012008'],
  ])('refuses: %s', async (_name, body, code) => {
    expect(await new Bench().code('axb', 'POST', PATHS.axb, body)).toEqual([403, code]);
  });

  it('takes what real clients send: texts for numbers, booleans, nulls, empty texts, unknown fields', async () => {
    const body = {
      ...bind,
      duration: '60',
      recordFlag: true,
      privateSms: 'false',
      areaCode: '',
      userData: null,
      more: 1,
    };
    const bench = new Bench();
    expect(await bench.code('axb', 'POST', PATHS.axb, body)).toEqual([200, '0']);
    expect(bench.core.state.axb[0]).toMatchObject({ ttl: 60, record: true, sms: false, a: A, b: B });
    const { json } = await bench.send('axb', 'GET', `${byX}&subscriptionId=&callerNum=`, { a: 1 });
    expect(json.totalCount).toBe(1);
  });

  it('has a user once on an X, and finds another X for the same user', async () => {
    const bench = new Bench();
    await bench.send('axb', 'POST', PATHS.axb, bind);
    for (const [callerNum, calleeNum] of [
      [A, C],
      [B, C],
      [C, A],
      [C, B],
    ]) {
      expect(await bench.code('axb', 'POST', PATHS.axb, { callerNum, relationNum: X, calleeNum })).toEqual([
        403,
        '1012010',
      ]);
    }
    const { json } = await bench.send('axb', 'POST', PATHS.axb, { callerNum: A, calleeNum: C });
    expect(json.relationNum).toBe('+8617000000202');
    expect(await bench.code('axb', 'POST', PATHS.axb, { callerNum: A, calleeNum: C })).toEqual([403, '1012008']);
  });

  it('holds 5000 pairs on an X, then the code of a full one', async () => {
    const bench = new Bench();
    const pair = (index: number): object => ({
      callerNum: `+86138${String(10_000_000 + index)}`,
      calleeNum: `+86139${String(10_000_000 + index)}`,
      relationNum: X,
    });
    await bench.send('axb', 'POST', PATHS.axb, pair(0));
    const [first] = bench.core.state.axb;
    for (let index = 1; index < 5000; index += 1) {
      bench.core.state.axb.push({
        ...first!,
        id: `id-${index}`,
        a: `+86138${10_000_000 + index}`,
        b: `+86139${10_000_000 + index}`,
      });
    }
    expect(await bench.code('axb', 'POST', PATHS.axb, pair(5000))).toEqual([403, '1012009']);
    const { json } = await bench.send('axb', 'GET', `${byX}&pageIndex=2&pageSize=100`);
    expect([json.totalCount, json.pageIndex, json.pageSize, json.relationNumList.length]).toEqual([5000, 2, 100, 100]);
    expect(json.relationNumList[0].subscriptionId).toBe('id-100');
    for (const size of ['9', '101', '']) {
      expect((await bench.send('axb', 'GET', `${byX}&pageSize=${size}`)).json.relationNumList).toHaveLength(50);
    }
    expect(await bench.code('axb', 'DELETE', byX)).toEqual([200, '0']);
    expect(bench.core.state.axb).toEqual([]);
  });

  it('ends a pair after its duration; an update counts it anew', async () => {
    const bench = new Bench();
    const { subscriptionId } = (await bench.send('axb', 'POST', PATHS.axb, { ...bind, duration: 60 })).json;
    bench.pass(59);
    expect(await bench.code('axb', 'PUT', PATHS.axb, { subscriptionId, duration: 60 })).toEqual([200, '0']);
    bench.pass(59);
    expect((await bench.send('axb', 'GET', byX)).json.totalCount).toBe(1);
    bench.pass(1);
    expect((await bench.send('axb', 'GET', byX)).json.relationNumList).toEqual([]);
    expect(await bench.code('axb', 'GET', `${PATHS.axb}?subscriptionId=${subscriptionId}`)).toEqual([403, '1012007']);
    expect(await bench.code('axb', 'PUT', PATHS.axb, { subscriptionId, calleeNum: C })).toEqual([403, '1012007']);
    expect(await bench.code('axb', 'DELETE', `${PATHS.axb}?subscriptionId=${subscriptionId}`)).toEqual([
      403,
      '1012007',
    ]);
    expect(await bench.code('axb', 'DELETE', PATHS.axb)).toEqual([403, '1012001']);
    expect(await bench.code('axb', 'DELETE', `${PATHS.axb}?relationNum=${X}`)).toEqual([403, '1012001']);
  });

  it('lets the clock of the sandbox end a pair too', async () => {
    const bench = new Bench();
    await bench.send('axb', 'POST', PATHS.axb, { ...bind, duration: 7200 });
    expect(await bench.control.clock({ advanceSeconds: 7200 })).toBe('2026-11-22T10:00:00.000Z');
    expect((await bench.send('axb', 'GET', byX)).json.totalCount).toBe(0);
  });

  it('refuses a change to a user who is on the X already', async () => {
    const bench = new Bench();
    await bench.send('axb', 'POST', PATHS.axb, bind);
    const { subscriptionId } = (
      await bench.send('axb', 'POST', PATHS.axb, { callerNum: C, relationNum: X, calleeNum: '+8613800000004' })
    ).json;
    expect(await bench.code('axb', 'PUT', PATHS.axb, { subscriptionId, calleeNum: A })).toEqual([403, '1012010']);
    await bench.control.applications({ mode: 'axb', recording: false });
    expect(await bench.code('axb', 'PUT', PATHS.axb, { subscriptionId, recordFlag: 'true' })).toEqual([403, '1012012']);
  });
});

describe('AXE', () => {
  const X = '+8617000000301';
  const bind = { bindNum: A, virtualNum: X };

  it('allots extensions and shows the times of the bind even after an update', async () => {
    const bench = new Bench();
    const bound = (await bench.send('axe', 'POST', PATHS.axe, { ...bind, timeUnit: '1', bindExpiredTime: 90 })).json;
    expect(bound).toMatchObject({ virtualNum: X, extendNum: '0001' });
    const named = `${PATHS.axe}?virtualNum=${q(X)}&extendNum=0001`;
    expect(
      await bench.code('axe', 'PUT', PATHS.axe, { virtualNum: X, extendNum: '0001', bindExpiredTime: 24 }),
    ).toEqual([200, '0']);
    bench.pass(91 * 60);
    expect((await bench.send('axe', 'GET', named)).json).toEqual({
      resultcode: '0',
      resultdesc: 'Success',
      subscriptionId: bound.subscriptionId,
      virtualNum: X,
      extendNum: '0001',
      bindNum: A,
      displayNumMode: '0',
      recordFlag: 'false',
      timeUnit: '1',
      bindExpiredTime: 90,
    });
    bench.pass(24 * 3600);
    expect(await bench.code('axe', 'GET', named)).toEqual([403, '1016001']);
    expect(await bench.code('axe', 'DELETE', named)).toEqual([403, '1016001']);
  });

  it.each<[string, object, string]>([
    ['extension taken', { bindNum: B, virtualNum: X, extendNum: '1234' }, '1020167'],
    ['the same again', { bindNum: A, virtualNum: X, extendNum: '1234' }, '1013102'],
    ['A once on an X', { bindNum: A, virtualNum: X }, '1016002'],
    ['wrong digits', { bindNum: B, virtualNum: X, extendNum: '12' }, '1010002'],
    ['extension 0', { bindNum: B, virtualNum: X, extendNum: '0000' }, '1010002'],
    ['real caller', { bindNum: B, virtualNum: X, displayNumMode: '1' }, '1020178'],
    ['tone and number', { bindNum: B, virtualNum: X, callbackTone: 'a.wav', callbackNum: C }, '1010002'],
    ['callback outlives', { bindNum: B, virtualNum: X, bindExpiredTime: 1, callbackExpiredTime: 2 }, '1010002'],
    ['X of nobody', { bindNum: B, virtualNum: '+8617000000999' }, '1012001'],
  ])('refuses: %s', async (_name, body, code) => {
    const bench = new Bench();
    await bench.send('axe', 'POST', PATHS.axe, { ...bind, extendNum: '1234' });
    expect(await bench.code('axe', 'POST', PATHS.axe, body)).toEqual([403, code]);
  });

  it('is full when every extension is used, and pages through them', async () => {
    const bench = new Bench();
    await bench.control.applications({ mode: 'axe', extensionDigits: 1 });
    for (let index = 1; index <= 9; index += 1) {
      const { json } = await bench.send('axe', 'POST', PATHS.axe, { bindNum: `+861380000001${index}`, virtualNum: X });
      expect(json.extendNum).toBe(String(index));
    }
    expect(await bench.code('axe', 'POST', PATHS.axe, bind)).toEqual([403, '1020167']);
    const elsewhere = await bench.send('axe', 'POST', PATHS.axe, { bindNum: A, areaCode: '0755' });
    expect(elsewhere.json.virtualNum).toBe('+8617000000302');
    const first = (await bench.send('axe', 'GET', `${PATHS.axeAll}?virtualNum=${q(X)}&limit=5`)).json;
    expect(first.nextCusor).toBe('1795334400000_5');
    const rest = (
      await bench.send('axe', 'GET', `${PATHS.axeAll}?virtualNum=${q(X)}&limit=5&cursor=${first.nextCusor}`)
    ).json;
    expect(extensionsOf([...first.bindingList, ...rest.bindingList]).join('')).toBe('123456789');
    expect(rest.nextCusor).toBeUndefined();
  });
});

describe('AXYB', () => {
  const path = `${PATHS.axyb}?app_key=sandbox-axyb-key`;

  it('binds A to X, B to Y, and ends both after two hours', async () => {
    const bench = new Bench();
    const ax = (await bench.send('axyb', 'POST', path, { origNum: A, areaCode: '0755' })).json;
    expect(ax.relationNumber).toBe('+8617000000401');
    const yb = (await bench.send('axyb', 'POST', path, { origNum: B, subscriptionId: ax.subscriptionId })).json;
    expect(yb).toMatchObject({ subscriptionId: ax.subscriptionId, relationNumber: '+8617000000402' });
    expect(await bench.code('axyb', 'POST', path, { origNum: B, subscriptionId: ax.subscriptionId })).toEqual([
      403,
      '1016002',
    ]);
    expect(await bench.code('axyb', 'POST', path, { origNum: B, subscriptionId: 'no' })).toEqual([403, '1016001']);
    const query = `${path}&relationNum=${q('+8617000000401')}`;
    expect((await bench.send('axyb', 'GET', query)).json.xyRelationNumList).toEqual([
      {
        bindId: ax.subscriptionId,
        numA: A,
        numX: '+8617000000401',
        numY: '+8617000000402',
        numB: B,
        recordFlag: 'false',
        subscribeTime: '2026-11-22 08:00:00',
        callDirection: 0,
        duration: '7200',
        ybDuration: '0',
      },
    ]);
    bench.pass(7200);
    expect(await bench.code('axyb', 'GET', query)).toEqual([403, '1016001']);
  });

  it('removes one Y by B, everything by the ID alone', async () => {
    const bench = new Bench();
    const { subscriptionId } = (await bench.send('axyb', 'POST', path, { origNum: A, areaCode: '0755' })).json;
    await bench.send('axyb', 'POST', path, { origNum: B, subscriptionId });
    const one = `${path}&subscriptionId=${subscriptionId}`;
    expect(await bench.code('axyb', 'DELETE', `${one}&bNum=${q(B)}`)).toEqual([200, '0']);
    expect(await bench.code('axyb', 'DELETE', `${one}&bNum=${q(B)}`)).toEqual([403, '1016001']);
    expect((await bench.send('axyb', 'GET', one)).json.xyRelationNumList).toHaveLength(1);
    expect(await bench.code('axyb', 'DELETE', one)).toEqual([200, '0']);
    expect(await bench.code('axyb', 'DELETE', one)).toEqual([403, '1016001']);
  });

  it('wants its own app_key in the query', async () => {
    const bench = new Bench();
    expect(await bench.code('axyb', 'GET', `${PATHS.axyb}?subscriptionId=a`)).toEqual([403, '1010002']);
    expect(await bench.code('axyb', 'GET', `${PATHS.axyb}?app_key=b&subscriptionId=a`)).toEqual([403, '1010003']);
  });
});

describe('one seed', () => {
  it('gives the same IDs to the same requests', async () => {
    const ids = async (seed: number): Promise<string> => {
      const body = { callerNum: A, relationNum: '+8617000000201', calleeNum: B };
      return (await new Bench(seed).send('axb', 'POST', PATHS.axb, body)).json.subscriptionId as string;
    };
    expect(await ids(7)).toBe(await ids(7));
    expect(await ids(7)).not.toBe(await ids(8));
  });
});
