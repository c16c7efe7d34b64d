import type { TextPair } from './text-pair.js';

/** How the value of a field is read. */
export type FeeFieldType =
  'text' | 'number' | 'time' | 'direction' | 'release' | 'q850' | 'service' | 'recorded' | 'seconds';

/** One field of a CDR: what it means, and how its value is read. */
export interface FeeField {
  readonly name: string;
  readonly type: FeeFieldType;
  readonly meaning: TextPair;
}

function field(name: string, type: FeeFieldType, zh: string, en: string): FeeField {
  return { name, type, meaning: { zh, en } };
}

/**
 * The fields of a CDR in own words, in the order of the documentation. Other fields may come by arrangement with support.
 * Source: FeeInfo, privatenumber_02_0006a / 0006_1a / 0006_2a / 0006_3a (read 2026-07).
 */
export const FEE_FIELDS: readonly FeeField[] = [
  field('direction', 'direction', '呼叫方向', 'who called whom'),
  field('spId', 'text', '云账号', 'cloud account of the customer'),
  field('appKey', 'text', '应用的 APP_Key', 'APP_Key of the application'),
  field('icid', 'text', '话单唯一标识', 'unique ID of this record'),
  field('bindNum', 'number', 'X号码', 'X number'),
  field('sessionId', 'text', '呼叫的标识，与事件相同', 'ID of the call, the same in its events'),
  field('subscriptionId', 'text', '绑定ID；主叫或被叫无绑定时为空', 'binding ID; empty without a binding'),
  field('callerNum', 'number', '第一路主叫，真实号码', 'caller of the first leg, real number'),
  field('calleeNum', 'number', '第一路被叫，即所拨的X号码', 'callee of the first leg: the X that was dialled'),
  field('fwdDisplayNum', 'number', '第二路的来显号码', 'number shown on the second leg'),
  field('fwdDstNum', 'number', '第二路的真实被叫', 'real callee of the second leg'),
  field('callInTime', 'time', '呼入时间', 'start of the first leg'),
  field('fwdStartTime', 'time', '转接呼叫开始时间', 'start of the second leg'),
  field('fwdAlertingTime', 'time', '被叫振铃时间；未振铃为空', 'the callee began to ring; empty = did not ring'),
  field('fwdAnswerTime', 'time', '被叫应答时间；未应答为空', 'the callee answered; empty = did not answer'),
  field('callEndTime', 'time', '呼叫结束时间', 'end of the call'),
  field('fwdUnaswRsn', 'q850', '转接失败的 Q.850 原因值', 'Q.850 cause of a failed second leg'),
  field('failTime', 'time', '失败时间', 'time of the failure'),
  field('ulFailReason', 'release', '拆线点', 'release point: where the call ended'),
  field('sipStatusCode', 'text', '失败的 SIP 状态码', 'SIP status of the failure'),
  field(
    'callOutUnaswRsn',
    'q850',
    '平台外呼的 Q.850 原因值（保留）',
    'Q.850 cause of a call by the platform; reserved',
  ),
  field('recordFlag', 'recorded', '是否录音', 'whether the call was recorded'),
  field('recordStartTime', 'time', '录音开始时间', 'start of the recording'),
  field('recordObjectName', 'text', '录音文件名，下载时用', 'file name of the recording, for the download'),
  field('recordBucketName', 'text', '录音目录，下载不需要', 'folder of the recording; not needed for the download'),
  field('recordDomain', 'text', '录音存储域名，下载时用', 'host of the recording, for the download'),
  field(
    'recordFileDownloadUrl',
    'text',
    '录音直接下载地址，以上三项为空时携带',
    'direct address of the recording, where the fields above are empty',
  ),
  field('recordPushURL', 'text', '录音地址（旧字段）', 'address of the recording (legacy)'),
  field('ttsPlayTimes', 'text', '保留字段', 'reserved'),
  field('ttsTransDuration', 'text', '保留字段', 'reserved'),
  field('mptyId', 'text', '保留字段', 'reserved'),
  field('serviceType', 'service', '业务类型', 'kind of service'),
  field('hostName', 'text', '生成话单的主机', 'host that made the record'),
  field('extendNum', 'text', '分机号（AXE）', 'extension (AXE)'),
  field('userData', 'text', '用户数据，原样带回', 'user data, as it was given'),
  field('notifyMode', 'text', '控制方式，Block 为X模式', 'Block marks a call of X mode'),
  field('areaCode', 'text', 'X号码的城市码（需约定）', 'city code of X; by arrangement'),
  field('callDuration', 'seconds', '通话秒数（需约定）', 'length in seconds; by arrangement'),
  field('voiceCheckType', 'text', '录音检测：0 无录音，1 有录音', 'check of the recording: 0 without, 1 with'),
];

const BY_NAME: ReadonlyMap<string, FeeField> = new Map(FEE_FIELDS.map((one) => [one.name, one]));

/** What is known of a field; `undefined` for one that is not documented. */
export function feeField(name: string): FeeField | undefined {
  return BY_NAME.get(name);
}
