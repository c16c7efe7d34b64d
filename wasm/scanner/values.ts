// Values that are more than a text or a time.

import { BLOCKED, RECORD_FLAG, RECORDED, ROW_CODES, SERVICE } from './row';
import { CODE, NODE_CLASS, NODE_FIELD, NODE_FILLED, NODE_PLACE, TEXT, TIME } from './fields';

/** A code: digits without leading zeros, at most nine; -1 for an empty text, -2 for anything else. */
function parseCode(from: usize, length: i32): i32 {
  if (length == 0) return -1;
  if (length > 9 || (length > 1 && load<u8>(from) == 0x30)) return -2;
  let code = 0;
  for (let index = 0; index < length; index++) {
    const digit = <u32>load<u8>(from + index) - 0x30;
    if (digit > 9) return -2;
    code = code * 10 + digit;
  }
  return code;
}

/** Flags of a value that only the full parser may read. */
export const ODD: i32 = -1;

/** Puts a value that is neither `true` nor `false` nor `null` into the row. Returns flags that it sets, {@link ODD} for an odd one. */
export function keep(row: usize, node: usize, from: usize, length: i32): i32 {
  switch (load<i32>(node, NODE_CLASS)) {
    case TIME:
      return ODD;
    case CODE: {
      const code = parseCode(from, length);
      store<i32>(row + load<i32>(node, NODE_PLACE), code);
      return code == -2 ? ODD : 0;
    }
    case TEXT: {
      const text = row + load<i32>(node, NODE_PLACE);
      store<i32>(text, <i32>from);
      store<i32>(text, length, 4);
      return length > 0 ? load<i32>(node, NODE_FILLED) : 0;
    }
  }
  if (length == 0) return 0;
  switch (load<i32>(node, NODE_FIELD)) {
    case SERVICE: {
      if (length > 3) return ODD;
      let code = 0;
      for (let index = 0; index < length; index++) {
        const digit = <u32>load<u8>(from + index) - 0x30;
        if (digit > 9) return ODD;
        code = code * 10 + digit;
      }
      store<i32>(row + ROW_CODES + 12, code);
      return 0;
    }
    case RECORD_FLAG: {
      const digit = load<u8>(from);
      if (length > 1 || digit < 0x30 || digit > 0x31) return ODD;
      return digit == 0x31 ? RECORDED : 0;
    }
    default:
      // The notify mode: Block
      if (length != 5 || load<u32>(from) != 0x636f6c42 || load<u8>(from + 4) != 0x6b) return ODD;
      return BLOCKED;
  }
}
