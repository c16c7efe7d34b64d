/**
 * A key or secret as it was typed, pasted or read from a file.
 * @returns it without what stands around it; `undefined` when it is empty or has blanks, line breaks or control characters inside: signed with such a one,
 * every request is refused, and some of these block the address.
 */
export function readCredentialText(text: string): string | undefined {
  const value = text.trim();
  return value === '' || /[\s\u0000-\u001f]/.test(value) ? undefined : value;
}
