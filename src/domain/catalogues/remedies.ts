/** What to do about a code, in own words. A code without an entry is one where nothing honest can be said. */
export interface Remedy {
  readonly en: string;
  readonly zh: string;
}

const CONTROL: Remedy = {
  en: 'The platform limits this traffic. Spread calls over more X numbers and time; ask support which rule applies.',
  zh: '平台管控了此类呼叫：请分散到更多X号码和时段；具体规则请联系客服。',
};
const FREQUENCY: Remedy = {
  en: 'Too many calls in a short time. Call less often or spread the calls over several X numbers; the limits are set by the platform.',
  zh: '短时间内呼叫过多：请降低频次或分散到多个X号码，阈值由平台设定。',
};
const SUPPORT: Remedy = {
  en: 'A fault of the platform. Try again; if it stays, give support the sessionId.',
  zh: '平台侧异常：请重试；若持续出现，请将 sessionId 提供给客服。',
};
const CALLEE_LATER: Remedy = { en: 'Call again later.', zh: '请稍后再拨。' };
const CALLER_GAVE_UP: Remedy = {
  en: 'Nothing is broken: the caller gave up. Many of these on one X point to slow connecting or a silent ring-back tone.',
  zh: '并非故障：主叫主动放弃。若某个X号码大量出现，请检查接续时长和回铃音。',
};
const TONE: Remedy = {
  en: 'Check that the tone file named in the request is uploaded and approved in the console.',
  zh: '检查请求中的放音文件是否已在控制台上传并审核通过。',
};
const NO_BINDING: Remedy = {
  en: 'Check that the binding exists and has not expired (query by X), and that the caller dialled from a bound number.',
  zh: '请按X号码查询绑定是否存在、是否已过期，并确认主叫使用的是已绑定的号码。',
};

/** By code; hang-up causes and release points share it where both tables say the same. Built on the FAQ, sections on failed calls (read 2026-07). */
export const CALL_REMEDIES: Readonly<Record<string, Remedy>> = {
  '0': { en: 'Nothing to do.', zh: '无需处理。' },
  '522': SUPPORT,
  '7001': FREQUENCY,
  '7002': FREQUENCY,
  '7003': FREQUENCY,
  '7004': { en: 'The callee is on a blacklist. Ask support for the reason; do not call this number again.', zh: '被叫在黑名单中：请勿再拨该号码，原因请咨询客服。' },
  '7005': { en: 'The caller is on a blacklist. Ask support for the reason.', zh: '主叫在黑名单中：原因请咨询客服。' },
  '7100': { en: 'Check the application (APP_Key) in the console.', zh: '请在控制台核对应用（APP_Key）。' },
  '7101': { en: 'Order X numbers for the application in the console.', zh: '请在控制台为应用订购隐私号码。' },
  '7104': NO_BINDING,
  '7105': { en: 'The X number belongs to an application of another mode. Check mode and X number.', zh: 'X号码所属应用的模式不符：请核对模式和X号码。' },
  '7106': { en: 'The application has no PrivateNumber capability: check its type in the console or ask support.', zh: '应用未开通隐私保护通话能力：请在控制台核对或联系客服。' },
  '7107': TONE,
  '7108': { en: 'The account is frozen, mostly by arrears: top up in the billing center (费用中心).', zh: '账号已冻结，多为欠费：请到费用中心充值。' },
  '7109': { en: 'All voice ports of the account are in use: fewer calls at the same time, or ask support for more.', zh: '租户语音端口用尽：请降低并发，或联系客服扩容。' },
  '7500': { en: 'This prefix may not be called. Check the callee number; numbers outside mainland China cannot be called.', zh: '该字冠被限制：请检查被叫号码，不支持拨打境外及港澳台号码。' },
  '7501': CALLER_GAVE_UP,
  '7502': CALLER_GAVE_UP,
  '7503': { en: 'The callee declined. Agree on a time, or send a message first.', zh: '被叫拒接：可先约定时间或先发短信。' },
  '7504': {
    en: 'The callee declined, or do-not-disturb, a blacklist or a call-blocking app did. Let the callee allow the X number.',
    zh: '被叫拒接，或被免打扰、黑名单、拦截软件拦截：请被叫放行X号码。',
  },
  '7505': { en: "The caller's network failed: check reception and call again.", zh: '主叫侧网络异常：请检查信号后重拨。' },
  '7506': {
    en: "The callee's network failed. First check the bound number: +86, then 11 digits, or a landline without the 0 of its area code.",
    zh: '被叫侧网络异常：请先检查绑定号码格式（+86加11位手机号，固话区号去掉0）。',
  },
  '7507': TONE,
  '7508': { en: 'No route to the callee: check its number, and that it lies in mainland China.', zh: '路由失败：请检查被叫号码，且须为中国大陆号码。' },
  '7516': {
    en: 'The caller hung up before forwarding. With AXE: tell callers to wait for the prompt and key in the extension.',
    zh: '呼叫转接前主叫已挂机。AXE模式请提示主叫听到提示音后输入分机号。',
  },
  '8002': CALLEE_LATER,
  '8003': CALLEE_LATER,
  '8006': TONE,
  '8007': TONE,
  '8009': CALLER_GAVE_UP,
  '8010': { en: 'The call reached its longest duration. Raise the maximum call duration of the binding if that is too short.', zh: '达到最大通话时长：如过短，请调大绑定的最大通话时长。' },
  '8013': {
    en: 'A called X without a temporary callee. Set it first (set temporary callee), and call within its time.',
    zh: 'A拨打X前未设置临时被叫：请先设置临时被叫，并在有效时间内拨打。',
  },
  '8014': {
    en: 'AXB: caller or callee is in no binding with this X, or a number is badly formatted; query the binding. X mode: the answer to the Block push was wrong (maxDuration above 1440, bad number).',
    zh: 'AXB模式：主叫或被叫未与该X绑定，或号码格式错误，请查询绑定；X模式：控制通知的响应有误（如 maxDuration 超过1440、号码格式错误）。',
  },
  '8016': { en: 'The binding lets only the other side call. Change its call direction (update) if both may call.', zh: '绑定的呼叫方向不允许：如需双向呼叫，请修改绑定的呼叫方向。' },
  '8018': NO_BINDING,
  '8019': {
    en: 'Nobody has called A through this X yet, so there is no one to call back. AX: set a temporary callee. AXE: wait for a call, or set the callback number of the binding.',
    zh: '没有回呼记录：此前无人经该X呼叫A。AX模式请设置临时被叫；AXE模式请等待来电或设置绑定的回呼号码。',
  },
  '8022': {
    en: 'No valid binding for this X and extension: it expired, was removed, or a wrong extension was keyed in. Query by X and extension, bind again.',
    zh: '该X与分机号没有有效绑定：已过期、已解绑或分机号输错。请按X和分机号查询后重新绑定。',
  },
  '8023': { en: 'A landline cannot be the caller: call from a mobile phone.', zh: '固话不能作为主叫：请使用手机拨打。' },
  '8024': { en: 'Calls must show the X number: remove the setting that displays the real caller.', zh: '必须显示X号码：请去掉显示真实主叫的设置。' },
  '8025': { en: 'The dialled X is no number of an AXE application: check it in the console (号码管理).', zh: '所拨X号码不存在：请在控制台号码管理中核对。' },
  '8030': NO_BINDING,
  '8032': { en: 'A user dialled their own privacy number: dial the number of the other side.', zh: '用户拨打了自己绑定的隐私号：请拨打对方的隐私号。' },
  '8033': { en: 'No extension was keyed in. Tell callers to key it in after the prompt.', zh: '未输入分机号：请提示主叫听到提示音后输入。' },
  '8035': { en: 'The callee did not answer in about 90 seconds. Call again later.', zh: '约90秒内被叫未应答：请稍后再拨。' },
  '8042': CONTROL,
  '8043': CONTROL,
  '8044': CONTROL,
  '8046': {
    en: 'Too few calls of this kind are answered. Clean the list of callees, spread the calls, then ask support to lift the control.',
    zh: '接通率过低被管控：请清理被叫名单、分散呼叫，再联系客服解除。',
  },
  '8047': FREQUENCY,
  '8048': FREQUENCY,
  '8049': FREQUENCY,
  '8050': { en: 'Calls are not allowed at this hour. Call at another time.', zh: '当前时段限制呼叫：请换时段拨打。' },
  '8051': { en: 'The sub-enterprise is suspended: ask support.', zh: '子企业被暂停：请联系客服。' },
  '8055': {
    en: 'X is suspended, in arrears or blocked by its carrier. Look at its state in the console (号码管理); bind another X meanwhile.',
    zh: 'X号码被暂停、欠费或被运营商限制：请在控制台号码管理查看状态，期间改绑其他X号码。',
  },
  '8056': CONTROL,
  '8057': CONTROL,
  '8058': { en: 'The real user of the number is not registered: report the A number (报备).', zh: '号码实际使用人未实名：请完成A号码报备。' },
  '8059': {
    en: 'The carrier blocked the call. Check the reporting (报备) of A, that recorded calls play a hint tone, and that X is shown.',
    zh: '运营商拦截：请检查A号码报备、录音提示音，以及是否显示X号码。',
  },
  '8100': { en: 'The number called does not exist: correct it in the binding.', zh: '被叫为空号：请更正绑定中的号码。' },
  '8101': CALLEE_LATER,
  '8102': CALLEE_LATER,
  '8103': CALLEE_LATER,
  '8104': CALLEE_LATER,
  '8105': { en: "The callee's number is out of service: reach them another way.", zh: '被叫已停机：请换其他联系方式。' },
};

/** Where the release point reads differently from the hang-up cause of the same code. */
export const RELEASE_REMEDIES: Readonly<Record<string, Remedy>> = {
  '7503': { en: 'Nothing is broken: the callee hung up.', zh: '并非故障：被叫挂机。' },
};

/** By `sendResult`. */
export const SMS_REMEDIES: Readonly<Record<string, Remedy>> = {
  '0': { en: 'Nothing to do.', zh: '无需处理。' },
  '1': { en: 'The account is frozen, mostly by arrears: top up in the billing center (费用中心).', zh: '账号已冻结，多为欠费：请到费用中心充值。' },
  '2': { en: 'Sender or receiver has no binding with X: query the binding and bind again.', zh: '收发方与X号码无绑定：请查询绑定后重新绑定。' },
  '3': { en: 'X is suspended: look at its state in the console, bind another X meanwhile.', zh: 'X号码暂停：请在控制台查看状态，期间改绑其他X号码。' },
  '4': { en: 'The application is not released for commercial use: have it reviewed in the console.', zh: '应用未商用：请在控制台提交审核。' },
  '5': { en: 'A fault of the platform: send it again; if it stays, give support the SMS ID.', zh: '平台内部错误：请重发；若持续出现，请将短信ID提供给客服。' },
  '6': { en: 'Your own answer said discard: check the server that answers Block pushes.', zh: '客户侧响应为丢弃：请检查处理短信控制通知的服务。' },
  '7': { en: 'Nobody answered the Block push in time: check the SMS control address and how fast it answers.', zh: '短信控制通知未及时响应：请检查短信控制地址及响应速度。' },
  '8': { en: 'Sender or receiver is on a blacklist: ask support for the reason.', zh: '收发方在黑名单中：原因请咨询客服。' },
  '9': { en: 'Some parts of a long SMS were not sent: send it again, shorter.', zh: '长短信部分发送失败：请缩短内容后重发。' },
  '10': { en: 'No part was sent: check the receiver number and the content, then send again.', zh: '全部发送失败：请检查接收号码和内容后重发。' },
  '11': { en: 'Switch SMS on for this X in the console (批量修改短信能力), or bind an X that has it.', zh: '请在控制台为该X号码开通短信能力，或改绑有短信能力的X号码。' },
  '12': { en: 'The content must hold the keyword agreed for the application: add it.', zh: '短信内容缺少约定的特征关键字：请补上。' },
  '13': { en: 'The content holds a forbidden word: change it.', zh: '短信内容含违禁词：请修改。' },
};

/** By Q.850 cause, for those that people meet. */
export const Q850_REMEDIES: Readonly<Record<string, Remedy>> = {
  '1': { en: 'The number called does not exist: correct it in the binding.', zh: '被叫为空号：请更正绑定中的号码。' },
  '17': CALLEE_LATER,
  '18': CALLEE_LATER,
  '19': CALLEE_LATER,
  '20': CALLEE_LATER,
  '21': { en: 'The callee or a call-blocking app declined. Let the callee allow the X number.', zh: '被叫或拦截软件拒接：请被叫放行X号码。' },
  '28': { en: 'The number called is badly formatted: +86, then 11 digits, or a landline without the 0 of its area code.', zh: '被叫号码格式错误：+86加11位手机号，固话区号去掉0。' },
};

/** By `cause` of a number status push. */
export const NUMBER_CAUSE_REMEDIES: Readonly<Record<string, Remedy>> = {
  '1': { en: 'The number is gone for good: bind the users to another X.', zh: '号码已删除：请将用户改绑到其他X号码。' },
  '2': { en: 'Top up in the billing center (费用中心).', zh: '请到费用中心充值。' },
  '3': { en: 'Bind the users to another X and ask support.', zh: '请改绑其他X号码并联系客服。' },
  '5': { en: 'The carrier restricts this X: bind another one and ask support.', zh: '运营商限呼：请改绑其他X号码并联系客服。' },
};
