import { formatPlatformTime } from '../../domain/instant.js';
import { drawUuid } from '../draw.js';
import type { AxybBinding, SandboxState, YbRelation } from '../state.js';
import {
  chooseNumber,
  expiryOf,
  grant,
  type ModeHandler,
  type ModeRequest,
  numberOf,
  refuse,
  switchOf,
  textOf,
  wholeOf,
  wireDirection,
  wireSwitch,
  withoutUndefined,
} from './mode-request.js';

const NUMBERS_PER_A = 5;
const RELATIONS_PER_Y = 1000;
const DEFAULT_TTL_SECONDS = 7200;

/** Whether `y` can still become a Y of `binding`: it is no X, has room, and is no Y of this binding already. */
function isFreeY(state: SandboxState, binding: AxybBinding, y: string): boolean {
  if (state.axyb.some((other) => other.x === y)) return false;
  if (binding.relations.some((relation) => relation.y === y)) return false;
  const used = state.axyb.filter((other) => other.relations.some((relation) => relation.y === y)).length;
  return used < RELATIONS_PER_Y;
}

/** End of a Y's life: its own, but never later than that of A and X. */
function relationExpiry(binding: AxybBinding, now: Date, ybTtl: number): number | null {
  const own = expiryOf(now, ybTtl);
  if (own === null) return binding.expiresAt;
  return binding.expiresAt === null ? own : Math.min(own, binding.expiresAt);
}

/** Allots a Y to `b`. @returns `undefined` when no number is left. Changes `binding`. */
export function allotY(
  request: ModeRequest,
  binding: AxybBinding,
  b: string,
  more: { ybTtl: number; yTone?: string | undefined },
): YbRelation | undefined {
  const number = chooseNumber(request, (y) => isFreeY(request.state, binding, y));
  if (number === undefined) return undefined;
  const relation: YbRelation = {
    b,
    y: number.x,
    ybTtl: more.ybTtl,
    yTone: more.yTone,
    expiresAt: relationExpiry(binding, request.now, more.ybTtl),
  };
  binding.relations.push(relation);
  return relation;
}

const bind: ModeHandler = (request) => {
  const { state, values, application, now } = request;
  const a = textOf(values, 'a') ?? '';
  if (values.record === true && !application.recording) return refuse('1012012');
  if (state.axyb.filter((binding) => binding.a === a).length >= NUMBERS_PER_A) return refuse('1012009');
  const number = chooseNumber(
    request,
    (x) => !state.axyb.some((binding) => binding.x === x || binding.relations.some((relation) => relation.y === x)),
  );
  if (number === undefined) return refuse('1012008');
  const ttl = wholeOf(values, 'ttl') ?? DEFAULT_TTL_SECONDS;
  const binding: AxybBinding = {
    id: drawUuid(state),
    appKey: application.appKey,
    a,
    x: number.x,
    record: switchOf(values, 'record') ?? false,
    recordTone: textOf(values, 'recordTone'),
    userData: textOf(values, 'userData'),
    direction: textOf(values, 'direction'),
    ttl,
    ybTtl: wholeOf(values, 'ybTtl') ?? 0,
    xTone: textOf(values, 'xTone'),
    relations: [],
    boundAt: now.getTime(),
    expiresAt: expiryOf(now, ttl),
  };
  state.axyb.push(binding);
  return grant({ subscriptionId: binding.id, relationNumber: number.x });
};

const bindY: ModeHandler = (request) => {
  const { state, values } = request;
  const binding = state.axyb.find((candidate) => candidate.id === textOf(values, 'id'));
  if (binding === undefined) return refuse('1016001');
  const b = textOf(values, 'b') ?? '';
  if (b === binding.a || binding.relations.some((relation) => relation.b === b)) return refuse('1016002');
  const ybTtl = wholeOf(values, 'ybTtl') ?? binding.ybTtl;
  const relation = allotY(request, binding, b, { ybTtl, yTone: textOf(values, 'yTone') });
  return relation === undefined ? refuse('1012008') : grant({ subscriptionId: binding.id, relationNumber: relation.y });
};

const unbind: ModeHandler = ({ state, values }) => {
  const binding = state.axyb.find((candidate) => candidate.id === textOf(values, 'id'));
  if (binding === undefined) return refuse('1016001');
  const y = textOf(values, 'y');
  const b = textOf(values, 'b');
  if (y === undefined && b === undefined) {
    state.axyb = state.axyb.filter((candidate) => candidate !== binding);
    return grant();
  }
  const left = binding.relations.filter((relation) => (y === undefined ? relation.b !== b : relation.y !== y));
  if (left.length === binding.relations.length) return refuse('1016001');
  binding.relations = left;
  return grant();
};

function describe(binding: AxybBinding, relation: YbRelation | undefined): Record<string, unknown> {
  return withoutUndefined({
    bindId: binding.id,
    numA: binding.a,
    numX: binding.x,
    numY: relation?.y,
    numB: relation?.b,
    recordFlag: wireSwitch(binding.record),
    recordHintTone: binding.recordTone,
    subscribeTime: formatPlatformTime(new Date(binding.boundAt)),
    callDirection: wireDirection(binding.direction),
    duration: String(binding.ttl),
    ybDuration: String(relation?.ybTtl ?? binding.ybTtl),
    preVoiceX: binding.xTone,
    preVoiceY: relation?.yTone,
    userData: binding.userData,
  });
}

const query: ModeHandler = (request) => {
  const id = textOf(request.values, 'id');
  const x = textOf(request.values, 'x') ?? '';
  if (id === undefined && numberOf(request, x) === undefined) return refuse('1012001');
  const found = request.state.axyb.filter((binding) => (id === undefined ? binding.x === x : binding.id === id));
  if (found.length === 0) return refuse('1016001');
  const list = found.flatMap((binding) =>
    binding.relations.length === 0
      ? [describe(binding, undefined)]
      : binding.relations.map((relation) => describe(binding, relation)),
  );
  return grant({ xyRelationNumList: list });
};

/**
 * Rules of AXYB (legacy): the platform picks X and Y, five X an A, 1000 relations a Y, a Y once for an X, A and X live 7200 seconds unless
 * `duration` says otherwise, and end with every Y of them.
 * Source: privatenumber_axyb_0016 … 0019 (2024-11, read 2026-07).
 */
export const AXYB_HANDLERS: Readonly<Record<string, ModeHandler>> = {
  'axyb.bind': bind,
  'axyb.bind-y': bindY,
  'axyb.unbind': unbind,
  'axyb.query': query,
};
