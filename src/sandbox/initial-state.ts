import type { Mode } from '../domain/mode.js';
import type { SandboxNumber, SandboxState } from './state.js';

const CITIES = [
  { city: '深圳', areaCode: '0755' },
  { city: '北京', areaCode: '010' },
  { city: '上海', areaCode: '021' },
];

const MODE_ORDER: readonly Mode[] = ['ax', 'axb', 'axe', 'axyb', 'x'];
const NUMBERS_PER_CITY = 4;

/** Key and secret of the sandbox's application of `mode`. They are no secret: they open nothing but the sandbox. */
export function sandboxCredentials(mode: Mode): { appKey: string; appSecret: string } {
  return { appKey: `sandbox-${mode}-key`, appSecret: `sandbox-${mode}-secret` };
}

function numbersOf(mode: Mode): SandboxNumber[] {
  const first = (MODE_ORDER.indexOf(mode) + 1) * 100 + 1;
  return CITIES.flatMap(({ city, areaCode }, cityIndex) =>
    Array.from({ length: NUMBERS_PER_CITY }, (_, index) => ({
      x: `+861700000${String(first + cityIndex * NUMBERS_PER_CITY + index).padStart(4, '0')}`,
      mode,
      city,
      areaCode,
      status: '5',
      sms: mode !== 'axe' && mode !== 'axyb',
    })),
  );
}

/**
 * A sandbox nobody has used: one application a mode, and for each 12 numbers, four in 深圳 (0755), four in 北京 (010), four in
 * 上海 (021): AX `+8617000000101` to `…112`, AXB `…201` on, AXE `…301`, AXYB `…401`, X `…501`.
 * @param seed whole number; the same seed and the same requests give the same answers.
 */
export function initialState(seed: number): SandboxState {
  return {
    version: 1,
    seed,
    draws: 0,
    clock: { kind: 'offset', ms: 0 },
    applications: MODE_ORDER.map((mode) => ({
      mode,
      ...sandboxCredentials(mode),
      condition: 'on',
      recording: true,
      sms: mode !== 'axe' && mode !== 'axyb',
      smsContent: false,
      extensionDigits: 4,
      allowedAddresses: [],
      push: {},
    })),
    numbers: MODE_ORDER.flatMap(numbersOf),
    ax: [],
    axb: [],
    axe: [],
    axyb: [],
    temporaryCallees: [],
    callbacks: [],
    callCount: 0,
    calls: [],
    recordings: [],
    pushes: [],
    pushTimeScale: 1,
    blockWaitMs: 3000,
    faults: [],
    failures: {},
    blockedUntil: {},
  };
}
