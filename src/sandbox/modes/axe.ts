import { drawUuid } from '../draw.js';
import type { AxeBinding, SandboxNumber } from '../state.js';
import {
  chooseNumber,
  expiryOf,
  grant,
  type ModeHandler,
  type ModeRequest,
  numberOf,
  type Refusal,
  refuse,
  switchOf,
  textOf,
  wholeOf,
  wireSwitch,
  withoutUndefined,
} from './mode-request.js';

const PAGE_SIZE = 50;
const LARGEST_PAGE = 100;

/** 9, 99, 999 or 9999: there is no extension 0. */
function capacity(request: ModeRequest): number {
  return 10 ** request.application.extensionDigits - 1;
}

function settings(request: ModeRequest): Partial<AxeBinding> {
  const { values } = request;
  return withoutUndefined({
    showCaller: switchOf(values, 'showCaller'),
    record: switchOf(values, 'record'),
    recordTone: textOf(values, 'recordTone'),
    callbackTone: textOf(values, 'callbackTone'),
    callbackNumber: textOf(values, 'callbackNumber'),
    callbackTtl: wholeOf(values, 'callbackTtl'),
    userData: textOf(values, 'userData'),
  }) as Partial<AxeBinding>;
}

function behind(request: ModeRequest, x: string): AxeBinding[] {
  return request.state.axe.filter((binding) => binding.x === x);
}

function pickNumber(request: ModeRequest, a: string): SandboxNumber | Refusal {
  const x = textOf(request.values, 'x');
  if (x !== undefined) return numberOf(request, x) ?? refuse('1012001');
  const number = chooseNumber(request, (free) => {
    const bindings = behind(request, free);
    return bindings.length < capacity(request) && !bindings.some((binding) => binding.a === a);
  });
  return number ?? refuse('1012008');
}

/** The extension asked for, or the lowest free one. */
function pickExtension(request: ModeRequest, x: string, a: string): string | Refusal {
  const digits = request.application.extensionDigits;
  const bindings = behind(request, x);
  const wanted = textOf(request.values, 'extension');
  const own = bindings.find((binding) => binding.a === a);
  if (wanted !== undefined) {
    if (wanted.length !== digits || Number(wanted) === 0) {
      return refuse('1010002', { description: `Invalid request.extendNum must be ${digits} digits from 1` });
    }
    const holder = bindings.find((binding) => binding.extension === wanted);
    if (holder !== undefined) return refuse(holder.a === a ? '1013102' : '1020167');
  }
  if (own !== undefined) return refuse('1016002');
  if (wanted !== undefined) return wanted;
  const taken = new Set(bindings.map((binding) => binding.extension));
  for (let number = 1; number <= capacity(request); number += 1) {
    const text = String(number).padStart(digits, '0');
    if (!taken.has(text)) return text;
  }
  return refuse('1020167');
}

function wireWhole(body: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = body[name];
  return value === undefined || value === null || value === '' ? undefined : Number(value);
}

const bind: ModeHandler = (request) => {
  const { state, values, application, now, body } = request;
  const a = textOf(values, 'a') ?? '';
  if (values.showCaller === true) return refuse('1020178');
  if (values.record === true && !application.recording) return refuse('1012012');
  const number = pickNumber(request, a);
  if ('kind' in number) return number;
  if (number.status !== '5') return refuse('1012102');
  const extension = pickExtension(request, number.x, a);
  if (typeof extension !== 'string') return extension;
  const unit = body.timeUnit;
  const binding: AxeBinding = {
    id: drawUuid(state),
    appKey: application.appKey,
    a,
    x: number.x,
    extension,
    record: false,
    ...settings(request),
    boundAt: now.getTime(),
    expiresAt: expiryOf(now, wholeOf(values, 'ttl')),
    sent: withoutUndefined({
      timeUnit: unit === '1' || unit === 1 ? '1' : '0',
      bindExpiredTime: wireWhole(body, 'bindExpiredTime'),
      callbackExpiredTime: wireWhole(body, 'callbackExpiredTime'),
    }) as AxeBinding['sent'],
  };
  state.axe.push(binding);
  return grant({ subscriptionId: binding.id, virtualNum: number.x, extendNum: extension });
};

function locate(request: ModeRequest): AxeBinding | undefined {
  const { values, state } = request;
  const id = textOf(values, 'id');
  if (id !== undefined) return state.axe.find((binding) => binding.id === id);
  return state.axe.find(
    (binding) => binding.x === textOf(values, 'x') && binding.extension === textOf(values, 'extension'),
  );
}

const unbind: ModeHandler = (request) => {
  const found = locate(request);
  if (found === undefined) return refuse('1016001');
  request.state.axe = request.state.axe.filter((binding) => binding !== found);
  request.state.callbacks = request.state.callbacks.filter(({ bindingId }) => bindingId !== found.id);
  return grant();
};

const update: ModeHandler = (request) => {
  const { values, application, now } = request;
  const found = locate(request);
  if (found === undefined) return refuse('1016001');
  if (values.showCaller === true) return refuse('1020178');
  if (values.record === true && !application.recording) return refuse('1012012');
  const { callbackTone, callbackNumber, ...rest } = settings(request);
  Object.assign(found, rest);
  // The two exclude each other: setting one takes the other away.
  if (callbackTone !== undefined) Object.assign(found, { callbackTone, callbackNumber: undefined });
  if (callbackNumber !== undefined) Object.assign(found, { callbackNumber, callbackTone: undefined });
  const ttl = wholeOf(values, 'ttl');
  if (ttl !== undefined) found.expiresAt = expiryOf(now, ttl);
  return grant();
};

function describe(binding: AxeBinding): Record<string, unknown> {
  return withoutUndefined({
    subscriptionId: binding.id,
    virtualNum: binding.x,
    extendNum: binding.extension,
    bindNum: binding.a,
    displayNumMode: binding.showCaller === true ? '1' : '0',
    recordFlag: wireSwitch(binding.record),
    recordHintTone: binding.record ? binding.recordTone : undefined,
    callbackTone: binding.callbackTone,
    callbackNum: binding.callbackNumber,
    ...binding.sent,
    userData: binding.userData,
  });
}

const query: ModeHandler = (request) => {
  const found = locate(request);
  return found === undefined ? refuse('1016001') : grant(describe(found));
};

const queryAll: ModeHandler = (request) => {
  const { values } = request;
  const x = textOf(values, 'x');
  if (textOf(values, 'id') !== undefined || (x !== undefined && textOf(values, 'extension') !== undefined)) {
    const found = locate(request);
    return found === undefined ? refuse('1016001') : grant({ bindingList: [describe(found)] });
  }
  const cursor = textOf(values, 'cursor') ?? '0000000000000_0';
  const position = /^\d{13}_(\d{1,20})$/.exec(cursor)?.[1];
  if (position === undefined) return refuse('1010002', { description: 'Invalid request.cursor' });
  const all = request.state.axe.filter((binding) => x === undefined || binding.x === x);
  const from = Number(position);
  const limit = Math.min(Math.max(wholeOf(values, 'limit') ?? PAGE_SIZE, 1), LARGEST_PAGE);
  const page = all.slice(from, from + limit);
  const last = page.at(-1);
  const more = from + page.length < all.length;
  return grant({
    bindingList: page.map(describe),
    nextCusor:
      more && last !== undefined ? `${String(last.boundAt).padStart(13, '0')}_${from + page.length}` : undefined,
  });
};

/**
 * Rules of AXE: an extension once on an X, an A once on an X, as many extensions as the digits of the application allow; the query tells
 * the times of the bind even after an update. An update with `bindExpiredTime` counts it from the update (not documented). In query
 * v2 the name of the list, the page size (50, at most 100) and the end (no cursor) are the sandbox's own: they are not documented.
 * Source: privatenumber_02_0021 … 0024, 0023_1, 0027 (read 2026-07).
 */
export const AXE_HANDLERS: Readonly<Record<string, ModeHandler>> = {
  'axe.bind': bind,
  'axe.unbind': unbind,
  'axe.update': update,
  'axe.query': query,
  'axe.query-all': queryAll,
};
