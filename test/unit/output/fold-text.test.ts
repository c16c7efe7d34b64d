import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { foldText } from '../../../src/output/fold-text.js';

const narrow = { isTerminal: true, columns: 40 };

describe('foldText', () => {
  it('leaves whole lines to a pipe, and what fits to a terminal', async () => {
    const long = `错误：${'很'.repeat(60)}\n`;
    expect(await foldText({ isTerminal: false, columns: undefined }, long)).toBe(long);
    expect(await foldText({ isTerminal: true, columns: 200 }, long)).toBe(long);
    const short = '错误：没有这个绑定\n提示：查询\n';
    expect(await foldText(narrow, short)).toBe(short);
  });

  it.each([
    [
      'error: there is no setting of that name, and none that is like it\nhint:  privacy-call config list\n',
      'error: there is no setting of that name,\n       and none that is like it\nhint:  privacy-call config list\n',
    ],
    [
      '警告：推送日志中没有最近 30 天的推送：无法得知这些号码是否有呼叫\n',
      '警告：推送日志中没有最近 30 天的推送：无\n      法得知这些号码是否有呼叫\n',
    ],
    [
      '有 3 行未显示：读取太慢；推送都在推送日志中，随时可以查看\n',
      '有 3 行未显示：读取太慢；推送都在推送日\n  志中，随时可以查看\n',
    ],
    [
      '错误：无法读取\n  第 2 行 “号码” 列：不是电话号码；请写成 +86 加 11 位数字\n',
      '错误：无法读取\n  第 2 行 “号码” 列：不是电话号码；请写\n    成 +86 加 11 位数字\n',
    ],
    [
      '\u001b[31merror:\u001b[39m there is no setting of that name, and none like it\n',
      '\u001b[31merror:\u001b[39m there is no setting of that name,\n       and none like it\n',
    ],
  ])('goes on below: %j', async (text, folded) => {
    expect(await foldText(narrow, text)).toBe(folded);
    for (const line of folded.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(40);
  });
});
