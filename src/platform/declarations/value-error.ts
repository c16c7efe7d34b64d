import { TextError } from '../../domain/text-error.js';
/** Why a value cannot be used for a parameter, in words for a person. Names no flag: the caller knows which it was. */
export class ValueError extends TextError {
  override readonly name = 'ValueError';
}
