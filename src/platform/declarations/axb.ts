import type { InterfaceDeclaration, Parameter, Rule } from './declaration.js';
import {
  AREA_MATCH,
  CALL_DIRECTION,
  lastMinuteTone,
  maxCall,
  parameter,
  RECORDING_RULES,
  recordTone,
  recording,
  tones,
  userData,
} from './common.js';

const PATH = '/rest/caas/relationnumber/partners/v1.0';

const ttl: Parameter = {
  name: 'ttl',
  wire: 'duration',
  in: 'body',
  type: 'seconds',
  range: [0, 7_776_000],
  default: 0,
  help: 'life of the binding, at most 90 days; 0 never ends; an update counts it anew',
};

const sms: Parameter = {
  name: 'sms',
  wire: 'privateSms',
  in: 'body',
  type: 'switch',
  default: true,
  help: 'texts pass through X',
};

/** A user's number may be on an X once only. Source: privatenumber_02_0001 (read 2026-07). */
const TWO_PEOPLE: Rule = {
  kind: 'distinct',
  name: 'a',
  other: 'b',
  why: { zh: 'A 和 B 是两个人', en: 'A and B are two people' },
};

const id = parameter('id', 'subscriptionId', 'id', { help: 'binding ID', length: [1, 64] });

/** Bind A and B on X. Source: privatenumber_02_0002 (read 2026-07). */
export const axbBind: InterfaceDeclaration = {
  id: 'axb.bind',
  mode: 'axb',
  operation: 'bind',
  method: 'POST',
  path: PATH,
  page: 'privatenumber_02_0002',
  summary: 'bind the pair A and B on X',
  parameters: [
    parameter('a', 'callerNum', 'number', { help: 'A number', length: [4, 31], required: true }),
    parameter('x', 'relationNum', 'x-number', { help: 'X number; without it the platform picks one', length: [4, 31] }),
    parameter('area', 'areaCode', 'city', { help: 'city in which the platform picks X', length: [0, 32] }),
    AREA_MATCH,
    parameter('b', 'calleeNum', 'number', { help: 'B number', length: [4, 31], required: true }),
    CALL_DIRECTION,
    ttl,
    recording,
    { ...recordTone, length: [0, 128] },
    ...tones,
    maxCall,
    lastMinuteTone,
    sms,
    { ...userData, length: [0, 256] },
  ],
  rules: [TWO_PEOPLE, ...RECORDING_RULES, { kind: 'needs', name: 'lastMinuteTone', other: 'maxCall' }],
  answer: [
    { wire: 'subscriptionId', name: 'subscriptionId', type: 'id' },
    { wire: 'relationNum', name: 'x', type: 'x-number' },
    { wire: 'callDirection', name: 'direction', type: 'choice', choices: CALL_DIRECTION.choices },
    { wire: 'duration', name: 'ttl', type: 'seconds' },
    { wire: 'maxDuration', name: 'maxCall', type: 'minutes' },
  ],
  resultCodes: ['1012001', '1012007', '1012008', '1012009', '1012010', '1012012', '1012102', '1011006'],
};

/** Remove one pair, or with X alone every pair on it. Source: privatenumber_02_0003 (read 2026-07). */
export const axbUnbind: InterfaceDeclaration = {
  id: 'axb.unbind',
  mode: 'axb',
  operation: 'unbind',
  method: 'DELETE',
  path: PATH,
  page: 'privatenumber_02_0003',
  summary: 'remove one pair by ID, or every pair on an X',
  parameters: [
    { ...id, in: 'query' },
    {
      ...parameter('x', 'relationNum', 'x-number', { help: 'X number: removes ALL pairs on it', length: [4, 31] }),
      in: 'query',
    },
  ],
  rules: [{ kind: 'one-of', names: ['id', 'x'] }],
  answer: [],
  resultCodes: ['1012001', '1012007'],
};

/** Change a pair; X stays. Source: privatenumber_02_0004 (read 2026-07). */
export const axbUpdate: InterfaceDeclaration = {
  id: 'axb.update',
  mode: 'axb',
  operation: 'update',
  method: 'PUT',
  path: PATH,
  page: 'privatenumber_02_0004',
  summary: 'change a pair; what is not given stays, the time to live starts anew if it is given',
  parameters: [
    { ...id, required: true },
    { ...parameter('a', 'callerNum', 'number', { help: 'new A number', length: [4, 31] }), mark: 'inferred' },
    { ...parameter('b', 'calleeNum', 'number', { help: 'new B number', length: [4, 31] }), mark: 'inferred' },
    CALL_DIRECTION,
    ttl,
    maxCall,
    lastMinuteTone,
    ...tones,
    sms,
    recording,
    { ...userData, length: [0, 256] },
  ],
  rules: [TWO_PEOPLE],
  answer: [],
  resultCodes: ['1010040', '1012001', '1012007', '1012010', '1012012'],
};

/** All pairs on an X by page, or one pair. Source: privatenumber_02_0005 (read 2026-07). */
export const axbQuery: InterfaceDeclaration = {
  id: 'axb.query',
  mode: 'axb',
  operation: 'query',
  method: 'GET',
  path: PATH,
  page: 'privatenumber_02_0005',
  summary: 'find one pair by ID or by X with A or B, or all pairs on an X page by page',
  parameters: [
    { ...parameter('x', 'relationNum', 'x-number', { help: 'X number', length: [4, 31] }), in: 'query' },
    { ...id, in: 'query' },
    { ...parameter('a', 'callerNum', 'number', { help: 'A number, with X', length: [4, 128] }), in: 'query' },
    { ...parameter('b', 'calleeNum', 'number', { help: 'B number, with X', length: [4, 128] }), in: 'query' },
    {
      ...parameter('page', 'pageIndex', 'integer', { help: 'page, from 1', range: [1, 1_000_000], default: 1 }),
      in: 'query',
    },
    {
      ...parameter('pageSize', 'pageSize', 'integer', {
        help: 'pairs a page; outside 10-100 the platform takes 50',
        default: 50,
      }),
      in: 'query',
    },
  ],
  rules: [
    { kind: 'one-of', names: ['id', 'x'] },
    { kind: 'needs', name: 'a', other: 'x' },
    { kind: 'needs', name: 'b', other: 'x' },
  ],
  answer: [
    { wire: 'subscriptionId', name: 'subscriptionId', type: 'id' },
    { wire: 'relationNum', name: 'x', type: 'x-number' },
    { wire: 'callerNum', name: 'a', type: 'number' },
    { wire: 'calleeNum', name: 'b', type: 'number' },
    { wire: 'callDirection', name: 'direction', type: 'choice', choices: CALL_DIRECTION.choices },
    { wire: 'duration', name: 'ttl', type: 'seconds' },
    { wire: 'maxDuration', name: 'maxCall', type: 'minutes' },
    { wire: 'recordFlag', name: 'recording', type: 'switch' },
    { wire: 'recordHintTone', name: 'recordTone', type: 'tone' },
    { wire: 'privateSms', name: 'sms', type: 'switch' },
    { wire: 'subscribeTime', name: 'subscribeTime', type: 'text' },
    { wire: 'userData', name: 'userData', type: 'user-data' },
  ],
  list: 'relationNumList',
  resultCodes: ['1012007', '1010002'],
};
