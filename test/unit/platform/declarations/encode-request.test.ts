import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DECLARATIONS } from '../../../../src/platform/declarations/all.js';
import { axBind, axCallee, axUnbind, axUpdate } from '../../../../src/platform/declarations/ax.js';
import { axbBind, axbQuery, axbUnbind, axbUpdate } from '../../../../src/platform/declarations/axb.js';
import { axeBind, axeUnbind, axeUpdate } from '../../../../src/platform/declarations/axe.js';
import { axybBind, axybBindY, axybUnbind } from '../../../../src/platform/declarations/axyb.js';
import { callStop, recordingAddress } from '../../../../src/platform/declarations/common-interfaces.js';
import { decodeWire } from '../../../../src/platform/declarations/decode-wire.js';
import type { InterfaceDeclaration, Parameter, Values } from '../../../../src/platform/declarations/declaration.js';
import { encodeRequest } from '../../../../src/platform/declarations/encode-request.js';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/platform/', import.meta.url));

/** White space outside strings is no content. */
function compact(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
}

interface HttpExample {
  readonly method: string;
  readonly target: string;
  readonly body: string;
}

function readExample(name: string): HttpExample {
  const [request = ''] = readFileSync(FIXTURES + name, 'utf8').split('###');
  const [, method = '', target = ''] = /^(\w+) (\S+)/.exec(request) ?? [];
  return { method, target, body: compact(request.slice(request.search(/\r?\n\r?\n/))) };
}

const documentedBodies: [string, InterfaceDeclaration, Values][] = [
  [
    'ax-bind-request.json',
    axBind,
    { a: '+86138****8888', x: '+86138****6666', callerTone: 'callerHintTone.wav', calleeTone: 'calleeHintTone.wav' },
  ],
  [
    'axb-bind-request.json',
    axbBind,
    {
      a: '+86138****0021',
      b: '+86138****0023',
      x: '+86138****6666',
      ttl: 0,
      maxCall: 0,
      direction: 'both',
      callerTone: 'callerHintTone.wav',
      calleeTone: 'calleeHintTone.wav',
    },
  ],
  ['axb-modify-request.json', axbUpdate, { id: '****', b: '+86138****0021' }],
  ['axyb-call-stop-request.json', callStop, { sessionId: '1200_366_0_20161228102743@callenabler.home1.com' }],
  ['inferred/ax-modify-request.json', axUpdate, { id: '****', sms: true }],
  ['inferred/ax-temporary-callee-request.json', axCallee, { id: '****', to: '+86138****0002', for: 60 }],
  [
    'inferred/axe-bind-request.json',
    axeBind,
    {
      x: '+86180****0001',
      a: '+86186****5678',
      area: '0755',
      showCaller: false,
      record: false,
      recordTone: 'recordHintTone.wav',
      callbackNumber: '+86180****0021',
      ttl: 86_400,
      callbackTtl: 86_400,
      userData: 'abcdefg',
    },
  ],
  ['inferred/axyb-bind-ax-request.json', axybBind, { a: '+86186****5678', area: '0755', ttl: 7200 }],
  ['inferred/axyb-bind-yb-request.json', axybBindY, { b: '+86186****5679', id: '****' }],
];

const documentedTargets: [string, InterfaceDeclaration, Values][] = [
  ['ax-bind.http', axBind, documentedBodies[0]![2]],
  ['ax-unbind.http', axUnbind, { a: '+86138****7021', x: '+86138****0021' }],
  ['axb-bind.http', axbBind, documentedBodies[1]![2]],
  ['axb-modify.http', axbUpdate, documentedBodies[2]![2]],
  ['axyb-call-stop.http', callStop, documentedBodies[3]![2]],
  ['inferred/axb-query.http', axbQuery, { x: '+86138****6666', page: 1, pageSize: 20 }],
  ['inferred/axb-unbind.http', axbUnbind, { id: '****' }],
  ['inferred/axe-bind.http', axeBind, documentedBodies[6]![2]],
  ['inferred/axe-unbind.http', axeUnbind, { x: '+86180****0001', extension: '1234' }],
  ['inferred/common-recording-url.http', recordingAddress, { domain: '****.com', fileName: '****.wav' }],
];

describe('encodeRequest', () => {
  it.each(documentedBodies)('writes the body of %s key by key', (name, declaration, values) => {
    const example = compact(readFileSync(FIXTURES + name, 'utf8'));
    expect(JSON.stringify(encodeRequest(declaration, values).body)).toBe(example);
  });

  it.each(documentedTargets)('writes method and address of %s', (name, declaration, values) => {
    const example = readExample(name);
    const { method, path, query, body } = encodeRequest(declaration, values);
    expect(method).toBe(example.method);
    expect(query === '' ? path : `${path}?${query}`).toBe(example.target);
    expect(body === undefined ? '' : JSON.stringify(body)).toBe(example.body);
  });

  it('escapes each value of a query, the plus sign too', () => {
    expect(encodeRequest(axUnbind, { id: 'a&b=c d', x: '+8613800000001' }).query).toBe(
      'subscriptionId=a%26b%3Dc%20d&privateNum=%2B8613800000001',
    );
  });

  it('puts app_key first where the interface wants it', () => {
    expect(encodeRequest(axybUnbind, { id: 'i1', y: '+8613800000002' }, 'k/1').query).toBe(
      'app_key=k%2F1&subscriptionId=i1&yNum=%2B8613800000002',
    );
  });

  it('says which kind of X the platform may pick, when it picks', () => {
    expect(encodeRequest(axBind, { a: '+8613800000001', area: '0755' }).body).toEqual({
      origNum: '+8613800000001',
      areaCode: '0755',
      privateNumType: 'mobile-virtual',
    });
    expect(encodeRequest(axBind, { a: '+8613800000001', x: '+8613800000002' }).body).not.toHaveProperty(
      'privateNumType',
    );
  });

  it('sends both expiry times in minutes as soon as one is no whole hour', () => {
    expect(encodeRequest(axeBind, { a: '+8613800000001', ttl: 7200, callbackTtl: 5400 }).body).toEqual({
      bindNum: '+8613800000001',
      timeUnit: '1',
      bindExpiredTime: 120,
      callbackExpiredTime: 90,
    });
  });

  it('names the unit in an update also for hours: its default is not documented there', () => {
    const example = JSON.parse(readFileSync(`${FIXTURES}inferred/axe-modify-request.json`, 'utf8'));
    const { body } = encodeRequest(axeUpdate, {
      x: '+86180****0021',
      extension: '1234',
      ttl: 86_400,
      callbackTtl: 86_400,
    });
    expect(body).toEqual({ ...example, timeUnit: '0' });
    expect(encodeRequest(axeUpdate, { id: 'i1', record: true }).body).not.toHaveProperty('timeUnit');
  });

  it('sends switches as text, of AXYB as a boolean', () => {
    expect(encodeRequest(axbBind, { record: true, sms: false }).body).toEqual({
      recordFlag: 'true',
      privateSms: 'false',
    });
    expect(encodeRequest(axybBind, { record: true }).body).toEqual({ recordFlag: true });
    expect(encodeRequest(axBind, { power: false, showCaller: true, x: 'x' }).body).toEqual({
      privateNum: 'x',
      calleeNumDisplay: '1',
      turnFlag: 'off',
    });
  });

  it('has no body for GET and DELETE', () => {
    expect(encodeRequest(axbQuery, { id: 'i1' }).body).toBeUndefined();
    expect(encodeRequest(axbUnbind, { id: 'i1' }).body).toBeUndefined();
  });
});

function valueOf(parameter: Parameter): fc.Arbitrary<string | number | boolean> {
  switch (parameter.type) {
    case 'switch':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...Object.keys(parameter.choices ?? {}));
    case 'seconds':
    case 'minutes':
    case 'integer':
      return fc.nat(10_000_000);
    case 'expiry':
      return fc.nat(100_000).map((minutes) => minutes * 60);
    case 'number':
    case 'x-number':
      return fc.stringMatching(/^\+861[3-9]\d{9}$/);
    default:
      return fc.string({ minLength: 1, unit: 'grapheme' });
  }
}

describe('decodeWire after encodeRequest', () => {
  it.each(DECLARATIONS.map((one) => [one.id, one] as const))('gives the values of %s back', (_, declaration) => {
    const fields = declaration.parameters.filter((one) => one.fixed === undefined);
    const values = fc.record(Object.fromEntries(fields.map((one) => [one.name, valueOf(one)])), { requiredKeys: [] });
    fc.assert(
      fc.property(values, (given) => {
        const { query, body } = encodeRequest(declaration, given, 'k1');
        const arrived = {
          query: new URLSearchParams(query),
          body: JSON.parse(JSON.stringify(body ?? null)) as unknown,
        };
        const decoded = decodeWire(declaration, arrived);
        expect(decoded).toEqual({ values: { ...given }, problems: [], unknown: {} });
      }),
      { numRuns: 60 },
    );
  });
});
