import { formatPlatformTime } from '../../domain/instant.js';
import { drawUuid } from '../draw.js';
import type { AxBinding } from '../state.js';
import {
  chooseNumber,
  grant,
  type ModeAnswer,
  type ModeHandler,
  type ModeRequest,
  numberOf,
  type Refusal,
  refuse,
  switchOf,
  textOf,
  wholeOf,
  wireDirection,
  wireSwitch,
  withoutUndefined,
} from './mode-request.js';

/** X that one A may have. Source: privatenumber_02_0011, code 1011003 (read 2026-07). */
const NUMBERS_PER_A = 5;
const TEMPORARY_SECONDS = 60;

/** What bind and update set alike; absent fields are left out. */
function settings(request: ModeRequest): Partial<AxBinding> {
  const { values } = request;
  return withoutUndefined({
    record: switchOf(values, 'record'),
    recordTone: textOf(values, 'recordTone'),
    showCaller: switchOf(values, 'showCaller'),
    sms: switchOf(values, 'sms'),
    callerTone: textOf(values, 'callerTone'),
    calleeTone: textOf(values, 'calleeTone'),
    maxCall: wholeOf(values, 'maxCall'),
    lastMinuteTone: textOf(values, 'lastMinuteTone'),
    userData: textOf(values, 'userData'),
    power: switchOf(values, 'power'),
    direction: textOf(values, 'direction'),
  }) as Partial<AxBinding>;
}

function boundTo(request: ModeRequest, a: string): AxBinding[] {
  return request.state.ax.filter((binding) => binding.a === a);
}

/** The X asked for, or why it cannot be had. */
function namedNumber(request: ModeRequest, x: string, a: string): string | Refusal {
  const number = numberOf(request, x);
  if (number === undefined) return refuse(request.state.numbers.some((other) => other.x === x) ? '1011004' : '1011001');
  if (number.status !== '5') return refuse('1012102');
  const holder = request.state.ax.find((binding) => binding.x === x);
  if (holder !== undefined) return refuse(holder.a === a ? '1016002' : '1011005');
  return x;
}

const bind: ModeHandler = (request) => {
  const { state, values, application, now } = request;
  const a = textOf(values, 'a') ?? '';
  const named = textOf(values, 'x');
  if (values.record === true && !application.recording) return refuse('1012012');
  const x =
    named === undefined
      ? chooseNumber(request, (free) => !state.ax.some((binding) => binding.x === free))?.x
      : namedNumber(request, named, a);
  if (x === undefined) return refuse('1011002');
  if (typeof x !== 'string') return x;
  if (boundTo(request, a).length >= NUMBERS_PER_A) return refuse('1011003');
  const binding: AxBinding = {
    id: drawUuid(state),
    appKey: application.appKey,
    a,
    x,
    record: false,
    ...settings(request),
    boundAt: now.getTime(),
    expiresAt: null,
  };
  state.ax.push(binding);
  return grant({ origNum: a, privateNum: x, subscriptionId: binding.id });
};

/** The binding named by ID, else by X. `foreign` is the answer for an X that the application does not have. */
function locate(request: ModeRequest, foreign: string): AxBinding | Refusal {
  const id = textOf(request.values, 'id');
  const x = textOf(request.values, 'x') ?? '';
  if (id === undefined && numberOf(request, x) === undefined) return refuse(foreign);
  const found = request.state.ax.find((binding) => (id === undefined ? binding.x === x : binding.id === id));
  return found ?? refuse('1016001');
}

const unbind: ModeHandler = (request) => {
  const found = locate(request, '1011004');
  if ('kind' in found) return found;
  request.state.ax = request.state.ax.filter((binding) => binding !== found);
  request.state.temporaryCallees = request.state.temporaryCallees.filter(({ bindingId }) => bindingId !== found.id);
  return grant();
};

const update: ModeHandler = (request) => {
  const found = locate(request, '1011001');
  if ('kind' in found) return found;
  const { values, application } = request;
  const a = textOf(values, 'a') ?? found.a;
  if (a !== found.a && boundTo(request, a).length >= NUMBERS_PER_A) return refuse('1011003');
  if (values.record === true && !application.recording) return refuse('1012012');
  const maxCall = wholeOf(values, 'maxCall') ?? found.maxCall ?? 0;
  if (values.lastMinuteTone !== undefined && maxCall === 0) {
    return refuse('1010002', { description: 'Invalid request.lastMinVoice needs maxDuration' });
  }
  Object.assign(found, { a }, settings(request));
  return grant();
};

function describe(binding: AxBinding): Record<string, unknown> {
  const { callerTone, calleeTone } = binding;
  return withoutUndefined({
    origNum: binding.a,
    privateNum: binding.x,
    privateNumType: 'mobile-virtual',
    subscribeTime: formatPlatformTime(new Date(binding.boundAt)),
    subscriptionId: binding.id,
    recordFlag: wireSwitch(binding.record),
    recordHintTone: binding.record ? binding.recordTone : undefined,
    calleeNumDisplay: binding.showCaller === undefined ? undefined : binding.showCaller ? '1' : '0',
    privateSms: binding.sms === undefined ? undefined : wireSwitch(binding.sms),
    preVoice:
      callerTone === undefined && calleeTone === undefined
        ? undefined
        : withoutUndefined({ callerHintTone: callerTone, calleeHintTone: calleeTone }),
    maxDuration: binding.maxCall ?? 0,
    lastMinVoice: binding.lastMinuteTone,
    turnFlag: binding.power === undefined ? undefined : binding.power ? 'on' : 'off',
    callDirection: binding.direction === undefined ? undefined : wireDirection(binding.direction),
    userData: binding.userData,
  });
}

const query: ModeHandler = ({ state, values }): ModeAnswer => {
  const id = textOf(values, 'id');
  const a = textOf(values, 'a');
  const x = textOf(values, 'x');
  const found = state.ax.filter((binding) => {
    if (id !== undefined) return binding.id === id;
    return a === undefined ? binding.x === x : binding.a === a;
  });
  return found.length === 0 ? refuse('1016001') : grant({ privateNumList: found.map(describe) });
};

const setCallee: ModeHandler = (request) => {
  const found = locate(request, '1016001');
  if ('kind' in found) return found;
  const { state, values, now } = request;
  if (numberOf(request, found.x)?.status !== '5') return refuse('1012102');
  const seconds = wholeOf(values, 'for') ?? TEMPORARY_SECONDS;
  state.temporaryCallees = state.temporaryCallees.filter(({ bindingId }) => bindingId !== found.id);
  state.temporaryCallees.push({
    bindingId: found.id,
    callee: textOf(values, 'to') ?? '',
    userData: textOf(values, 'userData'),
    expiresAt: now.getTime() + seconds * 1000,
  });
  return grant();
};

/**
 * Rules of AX: five X an A, one A an X, no expiry; a temporary callee lives 60 seconds unless `duration` says otherwise.
 * Source: privatenumber_02_0011 … 0015 (read 2026-07). `subscribeTime` is in UTC here; the platform's zone is not documented.
 */
export const AX_HANDLERS: Readonly<Record<string, ModeHandler>> = {
  'ax.bind': bind,
  'ax.unbind': unbind,
  'ax.update': update,
  'ax.query': query,
  'ax.callee': setCallee,
};
