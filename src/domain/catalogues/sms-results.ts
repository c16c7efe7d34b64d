import type { CatalogueEntry } from './catalogue-entry.js';

/** What became of an SMS: `sendResult` of a Notify. Source: privatenumber_02_0008, privatenumber_02_0008_2 (read 2026-07). */
export const SMS_RESULTS: readonly CatalogueEntry[] = [
  { code: '0', zh: '成功', en: 'sent' },
  { code: '1', zh: '用户账号冻结', en: 'account frozen' },
  { code: '2', zh: '无绑定关系', en: 'no binding' },
  { code: '3', zh: 'X号码暂停', en: 'X suspended' },
  { code: '4', zh: '非商用APP', en: 'not a commercial application' },
  { code: '5', zh: '内部错误', en: 'internal error' },
  { code: '6', zh: '客户指示丢弃', en: 'the customer\'s answer said discard', modes: ['ax', 'x'] },
  { code: '7', zh: '等待客户响应超时，丢弃', en: 'discarded: the customer did not answer in time', modes: ['ax', 'x'] },
  { code: '8', zh: '黑名单', en: 'blacklist' },
  { code: '9', zh: '部分发送成功', en: 'partly sent' },
  { code: '10', zh: '全部发送失败', en: 'all parts failed' },
  { code: '11', zh: 'X号码无短信能力', en: 'X has no SMS capability' },
  { code: '12', zh: '短信内容缺少特征关键字', en: 'content lacks the required keyword' },
  { code: '13', zh: '短信内容含违禁词', en: 'content has a forbidden word' },
];
