import { sameText, type TextPair } from '../domain/text-pair.js';

/** What notes of the ledger say, in English, as they are kept, with their Chinese. */
const CHINESE: Readonly<Record<string, string>> = {
  'the answer was lost': '应答丢失',
  'the answer was lost; found by a query': '应答丢失；由查询找到',
  'the answer to an unbind was lost': '解绑的应答丢失',
  'the answer to an update was lost: it may have been changed': '修改的应答丢失：可能已修改',
  'changed elsewhere': '在别处修改',
  'it was bound already': '此前已绑定',
  'the platform does not have it': '平台上没有',
  'the platform no longer has it': '平台上已没有',
  'the platform does not show it, but the request left less than ten minutes ago': '平台上查不到，但请求发出不到十分钟',
  'this mode cannot be asked without X or ID: numbers refresh asks every X, or settle it by hand':
    '该模式没有 X 或绑定ID时无法查询：numbers refresh 查询每个 X，或手工了结',
  'settled: the platform still has it': '已了结：平台上仍有',
  'settled: the platform no longer has it': '已了结：平台上已没有',
  'settled: the platform has no such binding': '已了结：平台上没有该绑定关系',
  'settled: the platform has no such binding on X': '已了结：该 X 号码上没有该绑定关系',
  'settled: closed by hand': '已手工了结',
  'was gone in the ledger, but the platform has it': '台账中已没有，但平台上有',
  'its time was over by our clock, but the platform has it': '按本机时钟已到期，但平台上有',
  'expired: its time was over, and the platform has it no more': '已到期：有效期已过，平台上已没有',
  'the platform no longer has it; it does not say why: expired, unbound elsewhere or moved':
    '平台上已没有，平台不说明原因：已到期、在别处解绑，或 X 号码已迁移',
  'the platform no longer has it; it does not say why: unbound elsewhere, or X was moved':
    '平台上已没有，平台不说明原因：在别处解绑，或 X 号码已迁移',
};

/** Notes that name a binding, fields, a figure or a mode. */
const PATTERNS: readonly (readonly [pattern: RegExp, chinese: string])[] = [
  [/^settled: bound as (.*)$/, '已了结：已绑定为 $1'],
  [/^the platform has another (.*)$/, '平台上的 $1 不同'],
  [/^(\d+) bindings fit: choose one with --bound ID$/, '有 $1 个绑定关系符合：用 --bound ID 选择一个'],
  [/^there are no bindings in mode (.*)$/, '$1 模式没有绑定关系'],
];

/** A note of the ledger in both languages; in English where it is none of ours. */
export function describeNote(note: string): TextPair {
  if (Object.hasOwn(CHINESE, note)) return { zh: CHINESE[note] ?? note, en: note };
  const [pattern, chinese] = PATTERNS.find(([one]) => one.test(note)) ?? [];
  return pattern === undefined || chinese === undefined
    ? sameText(note)
    : { zh: note.replace(pattern, chinese), en: note };
}
