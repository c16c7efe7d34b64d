import type { Parameter } from '../../platform/declarations/declaration.js';

/** Chinese headings of each parameter by own name; the first stands in a template. The English ones are own name, flag and wire name. */
const CHINESE: Readonly<Record<string, readonly string[]>> = {
  id: ['绑定ID', '绑定关系ID'],
  a: ['A号码', '主叫', '主叫号码', '真实号码'],
  b: ['B号码', '被叫', '被叫号码'],
  x: ['X号码', '隐私号码', '隐私号', '中间号', '虚拟号码'],
  y: ['Y号码'],
  extension: ['分机号', '分机'],
  area: ['城市码', '区号', '城市代码'],
  areaMatch: ['城市匹配', '匹配方式'],
  direction: ['呼叫方向', '方向'],
  ttl: ['有效期', '有效时长', '绑定时长'],
  ybTtl: ['Y有效期'],
  callbackTtl: ['回呼有效期'],
  record: ['录音', '是否录音'],
  recordTone: ['录音提示音'],
  callerTone: ['主叫放音'],
  calleeTone: ['被叫放音'],
  xTone: ['X放音'],
  yTone: ['Y放音'],
  callbackTone: ['回呼放音'],
  callbackNumber: ['回呼号码'],
  lastMinuteTone: ['最后一分钟放音'],
  maxCall: ['最长通话', '最大通话时长'],
  sms: ['短信', '短信功能'],
  showCaller: ['显示主叫', '来电显示'],
  userData: ['用户数据', '自定义数据'],
  power: ['开关机'],
};

/** Headings by which a column is known, the English ones first. */
export function headingsOf(parameter: Parameter): readonly string[] {
  const wire = parameter.wire.slice(parameter.wire.lastIndexOf('.') + 1);
  const flag = parameter.flag ?? parameter.name;
  return [parameter.name, flag, wire, ...(CHINESE[parameter.name] ?? [])];
}

/** The heading of a template. */
export function templateHeading(parameter: Parameter, lang: 'zh' | 'en'): string {
  return lang === 'zh' ? (CHINESE[parameter.name]?.[0] ?? parameter.name) : parameter.name;
}
