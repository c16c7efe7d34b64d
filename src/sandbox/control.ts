import { NUMBER_CAUSES } from '../domain/catalogues/number-statuses.js';
import { isMode } from '../domain/mode.js';
import { AppError } from '../errors.js';
import { controlCall, controlSms } from './control-calls.js';
import {
  type ControlContext,
  type Fields,
  findNumber,
  flag,
  invalid,
  MOST_FAULTS,
  MOST_SEED,
  phone,
  text,
  whole,
} from './control-input.js';
import { FAULT_KINDS } from './faults.js';
import { initialState } from './initial-state.js';
import { queuePush } from './push-queue.js';
import { type Fault, type QueuedPush, type SandboxApplication, sandboxTime } from './state.js';

/** End of the last year that is written with four digits. */
const LAST_MS = Date.UTC(9999, 11, 31);

type Control = (context: ControlContext, fields: Fields) => unknown;

function changeNumber({ state, now }: ControlContext, fields: Fields): unknown {
  const { number, application } = findNumber(state, phone(fields, 'x'));
  const status = text(fields, 'status');
  const cause = text(fields, 'cause');
  const changed = status !== undefined && (status !== number.status || cause !== number.cause);
  if (status !== undefined && !['5', '9', '10', '11'].includes(status))
    throw invalid({ zh: 'status 必须是 5、9、10 或 11', en: 'status must be 5, 9, 10 or 11' });
  if (cause !== undefined && (status ?? number.status) !== '10')
    throw invalid({ zh: '原因只能与状态 10 一起给出', en: 'a cause goes with status 10 only' });
  if (cause !== undefined && !NUMBER_CAUSES.some(({ code }) => code === cause)) {
    throw invalid({
      zh: `cause 必须是 ${NUMBER_CAUSES.map(({ code }) => code).join('、')} 之一`,
      en: `cause must be one of ${NUMBER_CAUSES.map(({ code }) => code).join(', ')}`,
    });
  }
  number.sms = flag(fields, 'sms') ?? number.sms;
  if (changed) {
    number.status = status;
    number.cause = cause;
    const entry = cause === undefined ? { number: number.x, status } : { number: number.x, status, cause };
    const body = { eventType: 'numStatus', numInfo: [entry] };
    const id = queuePush(state, { appKey: application.appKey, kind: 'number-status', body, at: now.getTime() });
    if (id !== undefined) return { number, changed, pushes: [id] };
  }
  return { number, changed, pushes: [] };
}

function addFault({ state }: ControlContext, fields: Fields): unknown {
  const kind = text(fields, 'kind') ?? '';
  if (!Object.hasOwn(FAULT_KINDS, kind))
    throw invalid({
      zh: `kind 必须是 ${Object.keys(FAULT_KINDS).join('、')} 之一`,
      en: `kind must be one of ${Object.keys(FAULT_KINDS).join(', ')}`,
    });
  const share = fields.share;
  if (share !== undefined && (typeof share !== 'number' || share < 0 || share > 1)) {
    throw invalid({ zh: 'share 必须是 0 到 1 的数', en: 'share must be a number from 0 to 1' });
  }
  state.faults.push({
    kind: kind as Fault['kind'],
    count: whole(fields, 'count', MOST_FAULTS),
    share,
    path: text(fields, 'path'),
    delayMs: whole(fields, 'delayMs', 600_000),
    status: whole(fields, 'status', 599),
  });
  state.faults = state.faults.filter(({ count }) => count !== 0);
  return { faults: state.faults };
}

function showClock({ state, hostNow }: Pick<ControlContext, 'state' | 'hostNow'>): unknown {
  return { now: sandboxTime(state, hostNow).toISOString(), clock: state.clock };
}

function setClock(context: ControlContext, fields: Fields): unknown {
  const { state, hostNow, now } = context;
  const set = text(fields, 'set');
  const advance = fields.advanceSeconds;
  const freeze = flag(fields, 'freeze');
  if (flag(fields, 'real') === true) {
    state.clock = { kind: 'offset', ms: 0 };
    return showClock(context);
  }
  let at = now.getTime();
  if (set !== undefined) at = new Date(set).getTime();
  if (Number.isNaN(at))
    throw invalid({
      zh: 'set 必须是带时区偏移的时间，如 2026-11-22T08:00:00+08:00',
      en: 'set must be a time with its offset, e.g. 2026-11-22T08:00:00+08:00',
    });
  if (advance !== undefined) {
    if (typeof advance !== 'number' || !Number.isFinite(advance))
      throw invalid({ zh: 'advanceSeconds 必须是数', en: 'advanceSeconds must be a number' });
    at += advance * 1000;
  }
  if (!(Math.abs(at) <= LAST_MS))
    throw invalid({ zh: '时钟不能晚于 9999 年', en: 'the clock cannot stand after the year 9999' });
  const fixed = freeze ?? state.clock.kind === 'fixed';
  state.clock = fixed ? { kind: 'fixed', at } : { kind: 'offset', ms: at - hostNow.getTime() };
  return showClock(context);
}

function reset({ state, hostNow }: ControlContext, fields: Fields): unknown {
  const seed = whole(fields, 'seed', MOST_SEED) ?? state.seed;
  const pushOf = new Map(state.applications.map(({ appKey, push }) => [appKey, push]));
  const { pushTimeScale, blockWaitMs } = state;
  Object.assign(state, initialState(seed), { pushTimeScale, blockWaitMs });
  for (const application of state.applications) application.push = pushOf.get(application.appKey) ?? {};
  return { seed, ...(showClock({ state, hostNow }) as object) };
}

/** Without the secret: an answer may be shown or logged. */
function showApplication({ appSecret: _, ...application }: SandboxApplication): Omit<SandboxApplication, 'appSecret'> {
  return application;
}

function addresses(fields: Fields): SandboxApplication['push'] {
  const push: SandboxApplication['push'] = {};
  for (const name of ['cdr', 'event', 'sms', 'smsBlock', 'number'] as const) {
    if (!Object.hasOwn(fields, name)) continue;
    const url = text(fields, name);
    if (url !== undefined && !/^https?:\/\/[^\s/]/.test(url))
      throw invalid({
        zh: `${name} 的地址必须以 http:// 或 https:// 开头`,
        en: `the address for ${name} must be http:// or https://`,
      });
    push[name] = url;
  }
  return push;
}

function setApplication({ state }: ControlContext, fields: Fields): unknown {
  const mode = text(fields, 'mode');
  if (mode !== undefined && !isMode(mode))
    throw invalid({ zh: 'mode 必须是 ax、axb、axe、axyb 或 x', en: 'mode must be ax, axb, axe, axyb or x' });
  const chosen = state.applications.filter((application) => mode === undefined || application.mode === mode);
  const push = addresses((fields.push ?? {}) as Fields);
  const condition = text(fields, 'condition');
  if (condition !== undefined && condition !== 'on' && condition !== 'off' && condition !== 'frozen') {
    throw invalid({ zh: 'condition 必须是 on、off 或 frozen', en: 'condition must be on, off or frozen' });
  }
  const digits = whole(fields, 'extensionDigits', 4);
  const allowed = fields.allowedAddresses;
  for (const application of chosen) {
    application.condition = condition ?? application.condition;
    application.recording = flag(fields, 'recording') ?? application.recording;
    application.sms = flag(fields, 'sms') ?? application.sms;
    application.smsContent = flag(fields, 'smsContent') ?? application.smsContent;
    application.extensionDigits = digits === undefined || digits === 0 ? application.extensionDigits : digits;
    if (Array.isArray(allowed)) application.allowedAddresses = allowed.map(String);
    Object.assign(application.push, push);
  }
  return { applications: chosen.map(showApplication) };
}

/** A push without its body. */
export type PushView = Omit<QueuedPush, 'body' | 'leasedUntil' | 'queuedAt' | 'dueAt'> & {
  readonly queuedAt: string;
  readonly dueAt: string;
};

function showPushes({ state }: ControlContext): { pushes: PushView[] } {
  const rfc3339 = (ms: number): string => new Date(ms).toISOString();
  return {
    pushes: state.pushes.map(({ body: _body, leasedUntil: _lease, queuedAt, dueAt, ...push }) => ({
      ...push,
      queuedAt: rfc3339(queuedAt),
      dueAt: rfc3339(dueAt),
    })),
  };
}

function changePushes(context: ControlContext, fields: Fields): unknown {
  const { state, now } = context;
  const scale = fields.timeScale;
  if (scale !== undefined) {
    if (typeof scale !== 'number' || !(scale >= 0))
      throw invalid({ zh: 'timeScale 必须是不小于 0 的数', en: 'timeScale must be a number from 0' });
    state.pushTimeScale = scale;
  }
  state.blockWaitMs = whole(fields, 'blockWaitMs', 60_000) ?? state.blockWaitMs;
  if (flag(fields, 'retry') === true) {
    for (const push of state.pushes) if (push.state === 'waiting') push.dueAt = now.getTime();
  }
  return showPushes(context);
}

function showState(context: ControlContext): unknown {
  const { state } = context;
  const { applications, pushes: _pushes, ...rest } = state;
  return { now: context.now.toISOString(), ...rest, applications: applications.map(showApplication) };
}

const CONTROLS: Readonly<Record<string, Control>> = {
  'GET state': showState,
  'GET calls': ({ state }) => ({ calls: state.calls }),
  'POST calls': controlCall,
  'POST sms': controlSms,
  'POST number': changeNumber,
  'GET fault': ({ state }) => ({ faults: state.faults }),
  'POST fault': addFault,
  'DELETE fault': ({ state }) => {
    state.faults = [];
    return { faults: [] };
  },
  'GET clock': showClock,
  'POST clock': setClock,
  'POST reset': reset,
  'GET applications': ({ state }) => ({ applications: state.applications.map(showApplication) }),
  'POST applications': setApplication,
  'GET pushes': showPushes,
  'POST pushes': changePushes,
};

/**
 * Does what a control request asks: `POST calls`, `GET state` and so on; changes `context.state`.
 * @returns what goes out as JSON.
 * @throws AppError `flag-invalid`, `number-not-found`, `feature-not-enabled`; `path-not-found` for an unknown endpoint.
 */
export async function runControl(context: ControlContext, endpoint: string, fields: Fields): Promise<unknown> {
  const control = Object.hasOwn(CONTROLS, endpoint) ? CONTROLS[endpoint] : undefined;
  if (control === undefined)
    throw new AppError('path-not-found', {
      zh: `沙箱没有控制接口 ${endpoint}`,
      en: `the sandbox has no control endpoint ${endpoint}`,
    });
  return await control(context, fields);
}
