/** The value of an `authorization` header for user and password of an address; `undefined` where it names no user. */
export function basicAuthorization({ username, password }: Pick<URL, 'username' | 'password'>): string | undefined {
  if (username === '') return undefined;
  return `Basic ${Buffer.from(`${plain(username)}:${plain(password)}`).toString('base64')}`;
}

/** The same address; user and password can be decoded by anybody. Changes `url`. */
export function withCodedUser(url: URL): URL {
  url.username = encodeURIComponent(plain(url.username));
  url.password = encodeURIComponent(plain(url.password));
  return url;
}

/** As it is meant: `%40` is `@`. A password with a `%` that nobody has coded is taken as it stands. */
function plain(coded: string): string {
  try {
    return decodeURIComponent(coded);
  } catch {
    return coded;
  }
}
