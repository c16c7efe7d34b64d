import type { CatalogueEntry, NumberStatusEntry } from './catalogue-entry.js';

/** States of an X number: `status` of a number status push. `effect…` says what they do. Source: numstatus_notify_ax (read 2026-07). */
export const NUMBER_STATUSES: readonly NumberStatusEntry[] = [
  { code: '5', zh: '正常', en: 'normal', effectEn: 'none', effectZh: '无影响' },
  { code: '9', zh: '暂停', en: 'suspended', effectEn: 'binding, calls and SMS all unusable', effectZh: '绑定、呼叫、短信均不可用' },
  { code: '10', zh: '不可用', en: 'unusable', effectEn: 'binding, calls and SMS all unusable; cause is given', effectZh: '绑定、呼叫、短信均不可用，另有原因值' },
  { code: '11', zh: '冻结绑定', en: 'binding frozen', effectEn: 'no new bindings; calls and SMS of existing bindings go on', effectZh: '不能新增绑定，已有绑定的呼叫和短信不受影响' },
];

/** Why an X number is unusable: `cause` beside status 10. There is no 4. Source: numstatus_notify_ax (read 2026-07). */
export const NUMBER_CAUSES: readonly CatalogueEntry[] = [
  { code: '1', zh: '号码已删除', en: 'number deleted' },
  { code: '2', zh: '欠费', en: 'arrears' },
  { code: '3', zh: '停机', en: 'out of service' },
  { code: '5', zh: '运营商限呼', en: 'calls restricted by the carrier' },
  { code: '6', zh: '解除限呼', en: 'call restriction lifted' },
  { code: '7', zh: '开通无条件前转', en: 'unconditional call forwarding switched on at X' },
  { code: '8', zh: '开通无应答前转', en: 'call forwarding on no answer switched on at X' },
  { code: '9', zh: '开通被叫忙前转', en: 'call forwarding on busy switched on at X' },
];
