import { createHash } from 'node:crypto';
import type { CallPlan } from '../call-plan.js';
import { RECORD_DOMAIN, recordingFileName } from '../describe-call.js';
import type { SandboxRecording } from '../state.js';

/** `<session>_t<seconds>_<eight digits that only the sandbox knows to make>.wav` */
const NAME = /^(\d+_\d+_\d+_(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)_t(\d{1,5}))_([0-9a-f]{8})\.wav$/;

function sealOf(stem: string, appKey: string): string {
  return createHash('sha256').update(`${appKey} ${stem}`).digest('hex').slice(0, 8);
}

/**
 * Name of the recording of a call of `sandbox traffic`. It carries all that the recording is made from, so that a million of them take
 * no room in the state.
 */
export function nameTrafficRecording(plan: CallPlan): string {
  const seconds = Math.floor((plan.endedAt - (plan.answeredAt ?? plan.endedAt)) / 1000);
  const stem = `${recordingFileName(plan.sessionId).slice(0, -'.wav'.length)}_t${seconds}`;
  return `${stem}_${sealOf(stem, plan.appKey)}.wav`;
}

/**
 * The recording behind such a name.
 * @param appKeys of the applications that may have made it.
 * @returns `undefined` where the name is another, or of another application.
 */
export function readTrafficRecording(fileName: string, appKeys: readonly string[]): SandboxRecording | undefined {
  const [, stem, year, month, day, hour, minute, second, seconds, seal] = NAME.exec(fileName) ?? [];
  if (stem === undefined || seal === undefined) return undefined;
  const appKey = appKeys.find((key) => sealOf(stem, key) === seal);
  if (appKey === undefined) return undefined;
  const createdAt = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const length = Number(seconds);
  return {
    fileName,
    domain: RECORD_DOMAIN,
    appKey,
    seconds: length,
    seed: Number.parseInt(seal.slice(0, 6), 16),
    createdAt: createdAt + length * 1000,
  };
}
