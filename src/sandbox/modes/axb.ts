import { formatPlatformTime } from '../../domain/instant.js';
import { drawUuid } from '../draw.js';
import type { AxbBinding } from '../state.js';
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
  wireDirection,
  wireSwitch,
  withoutUndefined,
} from './mode-request.js';

/** Pairs on one X. Source: privatenumber_02_0001 (read 2026-07). */
const PAIRS_PER_X = 5000;
const PAGE_SIZE = 50;

function settings(request: ModeRequest): Partial<AxbBinding> {
  const { values } = request;
  return withoutUndefined({
    direction: textOf(values, 'direction'),
    ttl: wholeOf(values, 'ttl'),
    record: switchOf(values, 'record'),
    recordTone: textOf(values, 'recordTone'),
    callerTone: textOf(values, 'callerTone'),
    calleeTone: textOf(values, 'calleeTone'),
    maxCall: wholeOf(values, 'maxCall'),
    lastMinuteTone: textOf(values, 'lastMinuteTone'),
    sms: switchOf(values, 'sms'),
    userData: textOf(values, 'userData'),
  }) as Partial<AxbBinding>;
}

function pairsOn(request: ModeRequest, x: string): AxbBinding[] {
  return request.state.axb.filter((binding) => binding.x === x);
}

function has(binding: AxbBinding, number: string): boolean {
  return binding.a === number || binding.b === number;
}

function namedNumber(request: ModeRequest, x: string, users: readonly string[]): string | Refusal {
  const number = numberOf(request, x);
  if (number === undefined) return refuse('1012001');
  if (number.status !== '5') return refuse('1012102');
  const pairs = pairsOn(request, x);
  if (pairs.some((pair) => users.some((user) => has(pair, user)))) return refuse('1012010');
  return pairs.length >= PAIRS_PER_X ? refuse('1012009') : x;
}

function chosenNumber(request: ModeRequest, a: string, b: string): string | Refusal {
  // The FAQ names a bind that is sent twice as a cause of this code.
  if (request.state.axb.some((pair) => pair.a === a && pair.b === b)) return refuse('1012008');
  const number = chooseNumber(request, (x) => {
    const pairs = pairsOn(request, x);
    return pairs.length < PAIRS_PER_X && !pairs.some((pair) => has(pair, a) || has(pair, b));
  });
  return number?.x ?? refuse('1012008');
}

const bind: ModeHandler = (request) => {
  const { state, values, application, now } = request;
  const a = textOf(values, 'a') ?? '';
  const b = textOf(values, 'b') ?? '';
  if (values.record === true && !application.recording) return refuse('1012012');
  const named = textOf(values, 'x');
  const x = named === undefined ? chosenNumber(request, a, b) : namedNumber(request, named, [a, b]);
  if (typeof x !== 'string') return x;
  const ttl = wholeOf(values, 'ttl') ?? 0;
  const binding: AxbBinding = {
    id: drawUuid(state),
    appKey: application.appKey,
    a,
    x,
    b,
    record: false,
    ...settings(request),
    ttl,
    boundAt: now.getTime(),
    expiresAt: expiryOf(now, ttl),
  };
  state.axb.push(binding);
  return grant({
    subscriptionId: binding.id,
    relationNum: x,
    callDirection: wireDirection(binding.direction),
    duration: ttl,
    maxDuration: binding.maxCall ?? 0,
  });
};

const unbind: ModeHandler = (request) => {
  const id = textOf(request.values, 'id');
  const x = textOf(request.values, 'x') ?? '';
  if (id === undefined && numberOf(request, x) === undefined) return refuse('1012001');
  const left = request.state.axb.filter((pair) => (id === undefined ? pair.x !== x : pair.id !== id));
  if (left.length === request.state.axb.length) return refuse('1012007');
  request.state.axb = left;
  return grant();
};

const update: ModeHandler = (request) => {
  const { state, values, application, now } = request;
  const found = state.axb.find((pair) => pair.id === textOf(values, 'id'));
  if (found === undefined) return refuse('1012007');
  const a = textOf(values, 'a') ?? found.a;
  const b = textOf(values, 'b') ?? found.b;
  if (a === b) return refuse('1010002', { description: 'Invalid request.calleeNum equals callerNum' });
  const others = pairsOn(request, found.x).filter((pair) => pair !== found);
  if (others.some((pair) => has(pair, a) || has(pair, b))) return refuse('1012010');
  if (values.record === true && !application.recording) return refuse('1012012');
  const maxCall = wholeOf(values, 'maxCall') ?? found.maxCall ?? 0;
  if (values.lastMinuteTone !== undefined && maxCall === 0) {
    return refuse('1010002', { description: 'Invalid request.lastMinVoice needs maxDuration' });
  }
  const ttl = wholeOf(values, 'ttl');
  Object.assign(found, { a, b }, settings(request), { boundAt: now.getTime() });
  if (ttl !== undefined) found.expiresAt = expiryOf(now, ttl);
  return grant();
};

function describe(binding: AxbBinding): Record<string, unknown> {
  return withoutUndefined({
    subscriptionId: binding.id,
    relationNum: binding.x,
    callerNum: binding.a,
    calleeNum: binding.b,
    duration: binding.ttl,
    callDirection: wireDirection(binding.direction),
    recordFlag: wireSwitch(binding.record),
    recordHintTone: binding.record ? binding.recordTone : undefined,
    maxDuration: binding.maxCall ?? 0,
    subscribeTime: formatPlatformTime(new Date(binding.boundAt)),
    privateSms: binding.sms === undefined ? undefined : wireSwitch(binding.sms),
    userData: binding.userData,
  });
}

const query: ModeHandler = (request) => {
  const { state, values, application } = request;
  const id = textOf(values, 'id');
  const x = textOf(values, 'x') ?? '';
  const a = textOf(values, 'a');
  const b = textOf(values, 'b');
  const one = id !== undefined || a !== undefined || b !== undefined;
  if (id === undefined && numberOf(request, x) === undefined) return refuse('1012001');
  const found = state.axb.filter((pair) => {
    if (id !== undefined) return pair.id === id;
    return pair.x === x && (a === undefined || pair.a === a) && (b === undefined || pair.b === b);
  });
  if (one && found.length === 0) return refuse('1012007');
  const wanted = wholeOf(values, 'pageSize') ?? PAGE_SIZE;
  const pageSize = wanted >= 10 && wanted <= 100 ? wanted : PAGE_SIZE;
  const pageIndex = one ? 1 : (wholeOf(values, 'page') ?? 1);
  const page = found.slice((pageIndex - 1) * pageSize, pageIndex * pageSize);
  return grant({
    app_key: application.appKey,
    totalCount: found.length,
    pageIndex,
    pageSize,
    relationNumList: page.map(describe),
  });
};

/**
 * Rules of AXB: 5000 pairs an X, a user once on an X, `duration` from the success of bind or update, a page size outside 10-100 is 50,
 * an unbind by X alone removes every pair. An X without pairs answers an empty list (the platform's own answer is not documented).
 * Source: privatenumber_02_0001 … 0005 (read 2026-07). `subscribeTime` is in UTC here; the platform's zone is not documented.
 */
export const AXB_HANDLERS: Readonly<Record<string, ModeHandler>> = {
  'axb.bind': bind,
  'axb.unbind': unbind,
  'axb.update': update,
  'axb.query': query,
};
