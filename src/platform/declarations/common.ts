import type { Parameter, ParameterType, Rule } from './declaration.js';

/** A body parameter; spread it with `in: 'query'` where it stands in the address. */
export function parameter(
  name: string,
  wire: string,
  type: ParameterType,
  help: string,
  more: Partial<Parameter> = {},
): Parameter {
  return { name, wire, in: 'body', type, help, ...more };
}

/** City match when the platform picks X. */
export const AREA_MATCH = {
  ...parameter(
    'areaMatch',
    'areaMatchMode',
    'choice',
    'strict: only the city of --area; any: elsewhere when the city has none',
  ),
  choices: { strict: '0', any: '1' },
  default: 'strict',
} as const satisfies Parameter;

/** Who may start a call. */
export const CALL_DIRECTION = {
  ...parameter('direction', 'callDirection', 'choice', 'who may call'),
  choices: { both: 0, 'a-to-b': 1, 'b-to-a': 2 },
  default: 'both',
} as const satisfies Parameter;

export const recording: Parameter = {
  name: 'record',
  wire: 'recordFlag',
  in: 'body',
  type: 'switch',
  default: false,
  help: 'record all calls of the binding; give --record-tone with it',
};

export const recordTone: Parameter = {
  name: 'recordTone',
  wire: 'recordHintTone',
  in: 'body',
  type: 'tone',
  length: [1, 128],
  help: 'tone file that tells both sides of the recording',
};

export const maxCall: Parameter = {
  name: 'maxCall',
  wire: 'maxDuration',
  in: 'body',
  type: 'minutes',
  range: [0, 1440],
  default: 0,
  help: 'longest call, from the answer; 0 = no limit',
};

export const lastMinuteTone: Parameter = {
  name: 'lastMinuteTone',
  wire: 'lastMinVoice',
  in: 'body',
  type: 'tone',
  length: [0, 128],
  help: 'tone file for the last minute, with --max-call; some numbers only',
};

/** Tones before the call is put through. */
export const tones: readonly Parameter[] = [
  parameter('callerTone', 'preVoice.callerHintTone', 'tone', 'tone file played when A dials X', { length: [0, 128] }),
  parameter('calleeTone', 'preVoice.calleeHintTone', 'tone', 'tone file played when the other party dials X', {
    length: [0, 128],
  }),
];

export const userData: Parameter = {
  name: 'userData',
  wire: 'userData',
  in: 'body',
  type: 'user-data',
  length: [1, 256],
  help: 'text that comes back in events, CDRs and SMS notices; no braces, no Chinese',
};

/** A recorded call without a hint tone is intercepted by the carrier: binding and calls are recorded, then refused. */
export const RECORDING_RULES: readonly Rule[] = [
  {
    kind: 'advises',
    name: 'record',
    value: true,
    other: 'recordTone',
    why: 'carriers intercept recorded calls that do not announce the recording',
  },
];
