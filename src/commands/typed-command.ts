/** The name under which the books of a context without a profile are kept: it cannot be given to `-p`. */
export const NO_PROFILE = 'default';

/** A command for a hint, to be typed as it stands. @param profile the one that it is about, whichever is set when it is typed; `undefined` for none. */
export function typedCommand(profile: string | undefined, words: string): string {
  return profile === undefined || profile === NO_PROFILE
    ? `privacy-call ${words}`
    : `privacy-call -p ${profile} ${words}`;
}
