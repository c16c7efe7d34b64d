import { createHash } from 'node:crypto';
import type { PushKind } from '../../domain/push-kind.js';
import { AppError } from '../../errors.js';
import { FOLLOWED_KINDS } from '../follow-records.js';
import { parseAddress } from '../parse-flags.js';

/** A server that pushes are handed on to. */
export interface Target {
  readonly to: URL;
  /** Every kind unless given. */
  readonly kind: PushKind | undefined;
  /** Names its place in the journal: the same for the same flag. */
  readonly consumer: string;
  /** How people know it; no path, query or password. */
  readonly label: string;
  /** The same with scheme and path, for `consumers list`; what may be a secret in the path is hidden. */
  readonly address: string;
}

/** A part of a path that is more likely a token than a word. */
const TOKEN = /^(?=.*\d)[\w~.-]{16,}$|^[\w~.-]{32,}$/;

/**
 * Targets as typed: `https://shop.example/push`, or `cdr=https://shop.example/fee` for one kind.
 * @throws AppError `flag-invalid`, `flag-conflict` for one that is given twice.
 */
export function parseTargets(flag: string, texts: readonly string[]): readonly Target[] {
  const targets = texts.map((text) => {
    const [, word, rest] = /^([a-z-]+)=(.*)$/s.exec(text) ?? [];
    const to = parseAddress(flag, rest ?? text);
    const kind = word === undefined ? undefined : kindOf(flag, word);
    const prefix = kind === undefined ? '' : `${kind}=`;
    const path = to.pathname.split('/').map((part) => (TOKEN.test(part) ? '****' : part));
    const address = `${prefix}${to.protocol}//${to.host}${path.join('/')}`;
    return {
      to,
      kind,
      label: `${prefix}${to.host}`,
      address,
      consumer: consumerName('forward', `${kind ?? ''} ${to.href}`),
    };
  });
  const twice = targets.find(({ consumer }, index) => targets.findIndex((one) => one.consumer === consumer) < index);
  if (twice !== undefined)
    throw new AppError('flag-conflict', {
      zh: `${flag} ${twice.label}：给出了两次`,
      en: `${flag} ${twice.label}: given twice`,
    });
  return targets;
}

/**
 * Which target decides the answer to a push of a kind: the one for that kind, else the one for all.
 * @throws AppError `flag-conflict` when two could.
 */
export function targetByKind<T extends Pick<Target, 'kind' | 'label'>>(
  targets: readonly T[],
): (kind: PushKind) => T | undefined {
  const byKind = new Map<PushKind | undefined, T>();
  for (const target of targets) {
    const other = byKind.get(target.kind);
    if (other !== undefined) {
      throw new AppError('flag-conflict', {
        zh: `--forward-mode sync：${other.label} 和 ${target.label} 不能同时应答同样的推送`,
        en: `--forward-mode sync: ${other.label} and ${target.label} cannot both answer the same pushes`,
      });
    }
    byKind.set(target.kind, target);
  }
  return (kind) => byKind.get(kind) ?? byKind.get(undefined);
}

/** Names a place in the journal after what uses it. */
export function consumerName(role: string, what: string): string {
  return `${role}-${createHash('sha256').update(what).digest('hex').slice(0, 16)}`;
}

function kindOf(flag: string, word: string): PushKind {
  const found = Object.entries(FOLLOWED_KINDS).find(([name]) => name === word);
  if (found === undefined) {
    throw new AppError('flag-invalid', {
      zh: `${flag} ${word}=…：必须是 ${Object.keys(FOLLOWED_KINDS).join('、')} 之一`,
      en: `${flag} ${word}=…: must be one of ${Object.keys(FOLLOWED_KINDS).join(', ')}`,
    });
  }
  return found[1];
}
