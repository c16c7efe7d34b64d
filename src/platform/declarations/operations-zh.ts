import type { InterfaceDeclaration } from './declaration.js';

/** What an interface does, as the platform calls it. Source: names of the pages, see each declaration. */
export const OPERATIONS_ZH: Readonly<Record<InterfaceDeclaration['operation'], string>> = {
  bind: '绑定',
  unbind: '解绑',
  update: '修改绑定',
  query: '查询绑定',
  callee: '设置临时被叫',
  hangup: '终止呼叫',
  'recording-address': '获取录音地址',
};
