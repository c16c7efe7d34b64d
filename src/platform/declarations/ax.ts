import type { InterfaceDeclaration } from './declaration.js';
import {
  AREA_MATCH,
  CALL_DIRECTION,
  inQuery,
  lastMinuteTone,
  maxCall,
  parameter,
  RECORDING_RULES,
  recording,
  recordTone,
  SHOW_CALLER_RULES,
  showCaller,
  sms,
  tones,
  userData,
} from './common.js';

const PATH = '/rest/provision/caas/privatenumber/v1.0';

const id = parameter('id', 'subscriptionId', 'id', { help: 'binding ID', length: [1, 64] });
const a = parameter('a', 'origNum', 'number', { help: 'A number', length: [1, 32] });
const x = parameter('x', 'privateNum', 'x-number', { help: 'X number', length: [1, 32] });

const power = parameter('power', 'turnFlag', 'switch', {
  help: 'X switched on or off; some numbers only',
  choices: { true: 'on', false: 'off' },
  default: true,
});

/** Bind A to an X of its own. Source: privatenumber_02_0011 (read 2026-07). */
export const axBind: InterfaceDeclaration = {
  id: 'ax.bind',
  mode: 'ax',
  operation: 'bind',
  method: 'POST',
  path: PATH,
  page: 'privatenumber_02_0011',
  summary: 'bind A to an X number of its own; the binding has no end',
  parameters: [
    { ...a, required: true },
    { ...x, help: 'X number; counts before --area' },
    parameter('area', 'areaCode', 'city', { help: 'city in which the platform picks X', length: [0, 32] }),
    parameter('numberType', 'privateNumType', 'text', {
      help: 'kind of the X that the platform picks',
      fixed: 'mobile-virtual',
      fixedUnless: 'x',
    }),
    AREA_MATCH,
    recording,
    recordTone,
    showCaller('calleeNumDisplay'),
    sms,
    ...tones,
    maxCall,
    lastMinuteTone,
    userData,
    power,
    CALL_DIRECTION,
  ],
  rules: [
    { kind: 'one-of', names: ['x', 'area'] },
    { kind: 'needs', name: 'areaMatch', other: 'area' },
    { kind: 'needs', name: 'lastMinuteTone', other: 'maxCall' },
    ...RECORDING_RULES,
    ...SHOW_CALLER_RULES,
  ],
  answer: [
    { wire: 'origNum', name: 'a', type: 'number' },
    { wire: 'privateNum', name: 'x', type: 'x-number' },
    { wire: 'subscriptionId', name: 'subscriptionId', type: 'id' },
  ],
  resultCodes: [
    '1011001',
    '1011002',
    '1011003',
    '1011004',
    '1011005',
    '1012006',
    '1012007',
    '1012009',
    '1012101',
    '1012102',
    '1016002',
  ],
};

/** Remove the binding of an X. Source: privatenumber_02_0012 (read 2026-07). */
export const axUnbind: InterfaceDeclaration = {
  id: 'ax.unbind',
  mode: 'ax',
  operation: 'unbind',
  method: 'DELETE',
  path: PATH,
  page: 'privatenumber_02_0012',
  summary: 'remove a binding by ID or by X',
  parameters: [inQuery(id), { ...inQuery(a), help: 'A number; the platform does not look at it' }, inQuery(x)],
  rules: [{ kind: 'one-of', names: ['id', 'x'] }],
  answer: [],
  resultCodes: ['1011004'],
};

/** Change a binding; X stays. Source: privatenumber_02_0013 (read 2026-07). */
export const axUpdate: InterfaceDeclaration = {
  id: 'ax.update',
  mode: 'ax',
  operation: 'update',
  method: 'PUT',
  path: PATH,
  page: 'privatenumber_02_0013',
  summary: 'change a binding, also to another A; what is not given stays',
  parameters: [
    { ...id, mark: 'inferred' },
    { ...x, mark: 'inferred' },
    { ...a, help: 'new A number' },
    sms,
    recording,
    { ...recordTone, mark: 'inferred' },
    maxCall,
    lastMinuteTone,
    ...tones,
    userData,
    power,
    CALL_DIRECTION,
    { ...showCaller('calleeNumDisplay'), mark: 'inferred' },
  ],
  rules: [{ kind: 'one-of', names: ['id', 'x'] }, ...SHOW_CALLER_RULES],
  answer: [],
  resultCodes: ['1011001', '1011003', '1016001', '1016002'],
};

/** Bindings of an ID, an A or an X. Source: privatenumber_02_0014 (read 2026-07). */
export const axQuery: InterfaceDeclaration = {
  id: 'ax.query',
  mode: 'ax',
  operation: 'query',
  method: 'GET',
  path: PATH,
  page: 'privatenumber_02_0014',
  summary: 'find bindings by ID, by A (every X of it) or by X; an ID counts before A, A before X',
  parameters: [inQuery(id), inQuery(a), inQuery(x)],
  rules: [{ kind: 'one-of', names: ['id', 'a', 'x'] }],
  answer: [
    { wire: 'origNum', name: 'a', type: 'number' },
    { wire: 'privateNum', name: 'x', type: 'x-number' },
    { wire: 'privateNumType', type: 'text' },
    { wire: 'subscribeTime', name: 'subscribeTime', type: 'text' },
    { wire: 'subscriptionId', name: 'subscriptionId', type: 'id' },
    { wire: 'recordFlag', name: 'recording', type: 'switch' },
    { wire: 'recordHintTone', name: 'recordTone', type: 'tone' },
    { wire: 'calleeNumDisplay', name: 'showCaller', type: 'switch', choices: { false: '0', true: '1' } },
    { wire: 'privateSms', name: 'sms', type: 'switch' },
    { wire: 'preVoice.callerHintTone', name: 'callerTone', type: 'tone' },
    { wire: 'preVoice.calleeHintTone', name: 'calleeTone', type: 'tone' },
    { wire: 'maxDuration', name: 'maxCall', type: 'minutes' },
    { wire: 'lastMinVoice', name: 'lastMinuteTone', type: 'tone' },
    { wire: 'turnFlag', name: 'power', type: 'switch', choices: { true: 'on', false: 'off' } },
    { wire: 'callDirection', name: 'direction', type: 'choice', choices: CALL_DIRECTION.choices },
    { wire: 'userData', name: 'userData', type: 'user-data' },
  ],
  list: 'privateNumList',
  resultCodes: ['1016001'],
};

/** Set whom the next call of A reaches. Source: privatenumber_02_0015 (read 2026-07). */
export const axCallee: InterfaceDeclaration = {
  id: 'ax.callee',
  mode: 'ax',
  operation: 'callee',
  method: 'PUT',
  path: '/rest/caas/privatenumber/calleenumber/v1.0',
  page: 'privatenumber_02_0015',
  summary: 'set whom the next call of A through X reaches; needed before every call of A',
  parameters: [
    { ...id, length: [0, 64] },
    { ...x, length: [4, 31] },
    { ...a, length: [4, 31], help: 'A number; the platform does not look at it' },
    parameter('to', 'calleeNum', 'number', {
      help: 'number that the next call of A reaches; 400 and 95 numbers too',
      length: [4, 31],
      required: true,
      shortNumbers: true,
    }),
    parameter('for', 'duration', 'seconds', { help: 'how long the setting lives', default: 60 }),
    { ...userData, help: 'text that comes back in the notices of this call; no braces, no Chinese' },
  ],
  rules: [{ kind: 'one-of', names: ['id', 'x'] }],
  answer: [],
  resultCodes: ['1012102', '1016001'],
};
