import type { AnswerField, ExpiryUnit, InterfaceDeclaration, Parameter, Rule } from './declaration.js';
import {
  AREA_MATCH,
  inQuery,
  parameter,
  RECORDING_RULES,
  recording,
  recordTone,
  SHOW_CALLER_RULES,
  showCaller,
  userData,
} from './common.js';

const PATH = '/rest/caas/extendnumber/v1.0';

/** Both times of one request share the unit. */
const UNIT: ExpiryUnit = { wire: 'timeUnit', hours: '0', minutes: '1' };

const id = parameter('id', 'subscriptionId', 'id', { help: 'binding ID', length: [0, 64] });
const x = parameter('x', 'virtualNum', 'x-number', { help: 'X number', length: [1, 32] });
const extension = parameter('extension', 'extendNum', 'digits', {
  help: 'extension behind X',
  flag: 'ext',
  length: [1, 4],
});

const callbackTone = parameter('callbackTone', 'callbackTone', 'tone', {
  help: 'tone file played when A dials X and nobody has called A before',
  length: [1, 128],
});
const callbackNumber = parameter('callbackNumber', 'callbackNum', 'number', {
  help: 'number that A reaches when A dials X and nobody has called A before',
  length: [1, 32],
});

const expiries = (unit: ExpiryUnit): readonly Parameter[] => [
  parameter('ttl', 'bindExpiredTime', 'expiry', {
    help: 'life of the binding in whole minutes; 0 never ends',
    unit,
    default: 0,
  }),
  parameter('callbackTtl', 'callbackExpiredTime', 'expiry', {
    help: 'how long A can call the last caller back; at most --ttl',
    unit,
  }),
];

const CALLBACK_RULES: readonly Rule[] = [
  { kind: 'exclusive', names: ['callbackTone', 'callbackNumber'] },
  { kind: 'at-least', name: 'ttl', other: 'callbackTtl' },
];

const ONE_BINDING: readonly Rule[] = [
  { kind: 'one-of', names: ['id', 'x'] },
  { kind: 'needs', name: 'x', other: 'extension' },
  { kind: 'needs', name: 'extension', other: 'x' },
];

const ANSWER: readonly AnswerField[] = [
  { wire: 'subscriptionId', name: 'subscriptionId', type: 'id' },
  { wire: 'virtualNum', name: 'x', type: 'x-number' },
  { wire: 'extendNum', name: 'extension', type: 'digits' },
  { wire: 'bindNum', name: 'a', type: 'number' },
  { wire: 'displayNumMode', name: 'showCaller', type: 'switch', choices: { false: '0', true: '1' } },
  { wire: 'recordFlag', name: 'recording', type: 'switch' },
  { wire: 'recordHintTone', name: 'recordTone', type: 'tone' },
  { wire: 'callbackTone', name: 'callbackTone', type: 'tone' },
  { wire: 'callbackNum', name: 'callbackNumber', type: 'number' },
  { wire: 'bindExpiredTime', name: 'ttl', type: 'expiry', unit: UNIT },
  { wire: 'callbackExpiredTime', name: 'callbackTtl', type: 'expiry', unit: UNIT },
  { wire: 'userData', name: 'userData', type: 'user-data' },
];

/** Bind A to an X with an extension. Source: privatenumber_02_0022 (read 2026-07). */
export const axeBind: InterfaceDeclaration = {
  id: 'axe.bind',
  mode: 'axe',
  operation: 'bind',
  method: 'POST',
  path: PATH,
  page: 'privatenumber_02_0022',
  summary: 'bind A to an X number and an extension',
  parameters: [
    x,
    parameter('a', 'bindNum', 'number', { help: 'A number', length: [1, 32], required: true }),
    parameter('area', 'areaCode', 'city', { help: 'city in which the platform picks X' }),
    AREA_MATCH,
    { ...extension, help: 'extension behind X; without it the platform picks one' },
    showCaller('displayNumMode'),
    recording,
    recordTone,
    callbackTone,
    callbackNumber,
    ...expiries(UNIT),
    userData,
  ],
  rules: [{ kind: 'one-of', names: ['x', 'area'] }, ...CALLBACK_RULES, ...RECORDING_RULES, ...SHOW_CALLER_RULES],
  answer: ANSWER.slice(0, 3),
  resultCodes: ['1012102', '1013102', '1016002', '1020150', '1020167', '1020178'],
};

/** Remove one binding. Source: privatenumber_02_0023 (read 2026-07). */
export const axeUnbind: InterfaceDeclaration = {
  id: 'axe.unbind',
  mode: 'axe',
  operation: 'unbind',
  method: 'DELETE',
  path: PATH,
  page: 'privatenumber_02_0023',
  summary: 'remove a binding by ID, or by X and extension',
  parameters: [inQuery(id), inQuery(x), inQuery(extension)],
  rules: ONE_BINDING,
  answer: [],
  resultCodes: ['1016001'],
};

/** Change a binding; X, extension and A stay. Source: privatenumber_02_0023_1 (read 2026-07). */
export const axeUpdate: InterfaceDeclaration = {
  id: 'axe.update',
  mode: 'axe',
  operation: 'update',
  method: 'PUT',
  path: PATH,
  page: 'privatenumber_02_0023_1',
  summary: 'change a binding; what is not given stays',
  parameters: [
    x,
    extension,
    { ...id, mark: 'inferred' },
    showCaller('displayNumMode'),
    recording,
    recordTone,
    callbackTone,
    callbackNumber,
    // Whether an absent unit means hours here, or the unit of the bind, is not documented.
    ...expiries({ ...UNIT, always: true }),
    userData,
  ],
  rules: [...ONE_BINDING, ...CALLBACK_RULES, ...SHOW_CALLER_RULES],
  answer: [],
  resultCodes: ['1016001', '1020178'],
};

/**
 * One binding. Its expiry times are those of the bind, even after an update.
 * Source: privatenumber_02_0024 (read 2026-07).
 */
export const axeQuery: InterfaceDeclaration = {
  id: 'axe.query',
  mode: 'axe',
  operation: 'query',
  method: 'GET',
  path: PATH,
  page: 'privatenumber_02_0024',
  summary: 'find one binding by ID, or by X and extension',
  parameters: [inQuery(id), inQuery(x), inQuery(extension)],
  rules: ONE_BINDING,
  answer: ANSWER,
  resultCodes: ['1016001'],
};

/**
 * Bindings by cursor. The answer's list has no documented name; the platform spells the next cursor `nextCusor`.
 * Source: privatenumber_02_0027 (read 2026-07).
 */
export const axeQueryAll: InterfaceDeclaration = {
  id: 'axe.query-all',
  mode: 'axe',
  operation: 'query',
  method: 'GET',
  path: '/rest/caas/extendnumber/v2.0',
  page: 'privatenumber_02_0027',
  summary: 'find every binding on an X page by page, or one binding',
  parameters: [
    inQuery(x),
    inQuery(extension),
    inQuery(id),
    {
      ...parameter('cursor', 'cursor', 'text', { help: 'where to go on: nextCusor of the page before' }),
      in: 'query',
      default: '0000000000000_0',
    },
    { ...parameter('limit', 'limit', 'integer', { help: 'bindings a page' }), in: 'query' },
  ],
  rules: [{ kind: 'needs', name: 'extension', other: 'x' }],
  answer: ANSWER,
  list: 'bindingList',
  resultCodes: ['1016001'],
};
