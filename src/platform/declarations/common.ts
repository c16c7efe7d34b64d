import type { Parameter, ParameterType, Rule } from './declaration.js';

/** A body parameter; spread it with `in: 'query'` where it stands in the address. */
export function parameter(
  name: string,
  wire: string,
  type: ParameterType,
  more: Pick<Parameter, 'help'> & Partial<Parameter>,
): Parameter {
  return { name, wire, in: 'body', type, ...more };
}

/** City match when the platform picks X. */
export const AREA_MATCH = {
  ...parameter('areaMatch', 'areaMatchMode', 'choice', {
    help: 'strict: only the city of --area; any: elsewhere when the city has none',
  }),
  choices: { strict: '0', any: '1' },
  default: 'strict',
} as const satisfies Parameter;

/** Who may start a call. */
export const CALL_DIRECTION = {
  ...parameter('direction', 'callDirection', 'choice', { help: 'who may call' }),
  choices: { both: 0, 'a-to-b': 1, 'b-to-a': 2 },
  default: 'both',
} as const satisfies Parameter;

/** Records the calls of a binding; needs recording on the application. */
export const recording: Parameter = {
  name: 'record',
  wire: 'recordFlag',
  in: 'body',
  type: 'switch',
  default: false,
  help: 'record all calls of the binding; give --record-tone with it',
};

/** Announces the recording; a recorded call without it is intercepted. */
export const recordTone: Parameter = {
  name: 'recordTone',
  wire: 'recordHintTone',
  in: 'body',
  type: 'tone',
  length: [1, 128],
  help: 'tone file that tells both sides of the recording',
};

/** Longest call of a binding; AX and AXB. */
export const maxCall: Parameter = {
  name: 'maxCall',
  wire: 'maxDuration',
  in: 'body',
  type: 'minutes',
  range: [0, 1440],
  default: 0,
  help: 'longest call, from the answer; 0 = no limit',
};

/** Tone before the longest call ends. */
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
  parameter('callerTone', 'preVoice.callerHintTone', 'tone', {
    help: 'tone file played when A dials X',
    length: [0, 128],
  }),
  parameter('calleeTone', 'preVoice.calleeHintTone', 'tone', {
    help: 'tone file played when the other party dials X',
    length: [0, 128],
  }),
];

/** Text of the customer that the platform hands back. */
export const userData: Parameter = {
  name: 'userData',
  wire: 'userData',
  in: 'body',
  type: 'user-data',
  length: [1, 256],
  help: 'text that comes back in events, CDRs and SMS notices; no braces, no Chinese',
};

/** Texts through X; not in AXE and AXYB. */
export const sms: Parameter = {
  name: 'sms',
  wire: 'privateSms',
  in: 'body',
  type: 'switch',
  default: true,
  help: 'texts pass through X',
};

/** The real caller's number instead of X, where the carrier lets it through. */
export function showCaller(wire: string): Parameter {
  return {
    name: 'showCaller',
    wire,
    in: 'body',
    type: 'switch',
    choices: { false: '0', true: '1' },
    default: false,
    help: 'show A the real number of the caller instead of X; carriers intercept such calls',
  };
}

/** The same parameter in the address. */
export function inQuery(of: Parameter): Parameter {
  return { ...of, in: 'query' };
}

/** Calls that show the real caller are intercepted (hang-up cause 8024), or refused at once (1020178). */
export const SHOW_CALLER_RULES: readonly Rule[] = [
  {
    kind: 'discourages',
    name: 'showCaller',
    value: true,
    why: { zh: '运营商会拦截显示真实主叫号码的呼叫', en: 'carriers intercept calls that show the real caller' },
  },
];

/** A recorded call without a hint tone is intercepted by the carrier: binding and calls are recorded, then refused. */
export const RECORDING_RULES: readonly Rule[] = [
  {
    kind: 'advises',
    name: 'record',
    value: true,
    other: 'recordTone',
    why: {
      zh: '运营商会拦截没有录音提示的录音呼叫',
      en: 'carriers intercept recorded calls that do not announce the recording',
    },
  },
];
