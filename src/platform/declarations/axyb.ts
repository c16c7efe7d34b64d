import type { InterfaceDeclaration, Parameter } from './declaration.js';
import {
  AREA_MATCH,
  CALL_DIRECTION,
  inQuery,
  parameter,
  RECORDING_RULES,
  recording,
  recordTone,
  userData,
} from './common.js';

const PATH = '/rest/omp/xyrelationnumber/v1.0';

const id = parameter('id', 'subscriptionId', 'id', { help: 'binding ID', length: [1, 64] });

const ybTtl: Parameter = parameter('ybTtl', 'ybDuration', 'seconds', {
  help: 'life of B and Y; 0 ends with the life of A and X',
  range: [60, 7_776_000],
  orZero: true,
  default: 0,
});

const direction: Parameter = { ...CALL_DIRECTION, help: 'who may call: A through Y, others through X' };

/** Bind A to an X that the platform picks. Source: privatenumber_axyb_0017 (2024-11, read 2026-07). */
export const axybBind: InterfaceDeclaration = {
  id: 'axyb.bind',
  mode: 'axyb',
  operation: 'bind',
  method: 'POST',
  path: PATH,
  appKeyInQuery: true,
  page: 'privatenumber_axyb_0017',
  summary: 'bind A to an X that the platform picks (legacy)',
  parameters: [
    parameter('a', 'origNum', 'number', { help: 'A number', length: [1, 32], required: true }),
    parameter('area', 'areaCode', 'city', {
      help: 'city in which the platform picks X',
      length: [1, 32],
      required: true,
      mark: 'sample',
    }),
    AREA_MATCH,
    direction,
    parameter('ttl', 'duration', 'seconds', {
      help: 'life of A and X with every Y of it; 0 never ends',
      range: [60, 7_776_000],
      orZero: true,
      default: 7200,
    }),
    ybTtl,
    { ...recording, plain: true, mark: 'sample' },
    recordTone,
    parameter('xTone', 'preVoiceX', 'tone', { help: 'tone file played when X is dialled', length: [1, 128] }),
    userData,
  ],
  rules: RECORDING_RULES,
  answer: [
    { wire: 'subscriptionId', name: 'subscriptionId', type: 'id' },
    { wire: 'relationNumber', name: 'x', type: 'x-number' },
  ],
  resultCodes: ['1012001', '1012008', '1012012', '1016002'],
};

/** Bind B to a Y of an A and X. Source: privatenumber_axyb_0017 (2024-11, read 2026-07). */
export const axybBindY: InterfaceDeclaration = {
  id: 'axyb.bind-y',
  mode: 'axyb',
  operation: 'bind',
  method: 'POST',
  path: PATH,
  appKeyInQuery: true,
  page: 'privatenumber_axyb_0017',
  summary: 'bind B to a Y that the platform picks, for a binding of A and X (legacy)',
  parameters: [
    parameter('b', 'origNum', 'number', { help: 'B number', length: [1, 32], required: true }),
    { ...id, required: true, help: 'ID of the binding of A and X' },
    parameter('area', 'areaCode', 'city', {
      help: 'city in which the platform picks Y',
      length: [1, 32],
      mark: 'sample',
    }),
    AREA_MATCH,
    ybTtl,
    parameter('yTone', 'preVoiceY', 'tone', { help: 'tone file played when Y is dialled', length: [1, 128] }),
  ],
  rules: [],
  answer: [
    { wire: 'subscriptionId', name: 'subscriptionId', type: 'id' },
    { wire: 'relationNumber', name: 'y', type: 'x-number' },
  ],
  resultCodes: ['1012001', '1012008', '1012012', '1016001', '1016002'],
};

/** Remove one Y, or A and X with every Y. Source: privatenumber_axyb_0018 (2024-11, read 2026-07). */
export const axybUnbind: InterfaceDeclaration = {
  id: 'axyb.unbind',
  mode: 'axyb',
  operation: 'unbind',
  method: 'DELETE',
  path: PATH,
  appKeyInQuery: true,
  page: 'privatenumber_axyb_0018',
  summary: 'remove one Y; without --y and -b, A and X with EVERY Y of it (legacy)',
  parameters: [
    { ...inQuery(id), required: true },
    inQuery(parameter('y', 'yNum', 'x-number', { help: 'Y to remove', length: [1, 32] })),
    inQuery(parameter('b', 'bNum', 'number', { help: 'B whose Y is removed; --y counts before it', length: [1, 32] })),
  ],
  rules: [],
  answer: [],
  resultCodes: ['1012001', '1016001'],
};

/** Relations of an ID or an X. Source: privatenumber_axyb_0019 (2024-11, read 2026-07). */
export const axybQuery: InterfaceDeclaration = {
  id: 'axyb.query',
  mode: 'axyb',
  operation: 'query',
  method: 'GET',
  path: PATH,
  appKeyInQuery: true,
  page: 'privatenumber_axyb_0019',
  summary: 'find the relations of an ID or of an X; an ID counts before X (legacy)',
  parameters: [inQuery(parameter('x', 'relationNum', 'x-number', { help: 'X number', length: [1, 32] })), inQuery(id)],
  rules: [{ kind: 'one-of', names: ['id', 'x'] }],
  answer: [
    { wire: 'bindId', name: 'subscriptionId', type: 'id' },
    { wire: 'numA', name: 'a', type: 'number' },
    { wire: 'numX', name: 'x', type: 'x-number' },
    { wire: 'numY', name: 'y', type: 'x-number' },
    { wire: 'numB', name: 'b', type: 'number' },
    { wire: 'recordFlag', name: 'recording', type: 'switch' },
    { wire: 'recordHintTone', name: 'recordTone', type: 'tone' },
    { wire: 'subscribeTime', name: 'subscribeTime', type: 'text' },
    { wire: 'callDirection', name: 'direction', type: 'choice', choices: CALL_DIRECTION.choices },
    { wire: 'duration', name: 'ttl', type: 'seconds' },
    { wire: 'ybDuration', name: 'ybTtl', type: 'seconds' },
    { wire: 'preVoiceX', name: 'xTone', type: 'tone' },
    { wire: 'preVoiceY', name: 'yTone', type: 'tone' },
    { wire: 'userData', name: 'userData', type: 'user-data' },
  ],
  list: 'xyRelationNumList',
  resultCodes: ['1016001'],
};
