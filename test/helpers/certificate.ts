import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A certificate for 127.0.0.1 with this name, signed by itself. */
export function makeCertificate(folder: string, name: string): { readonly cert: string; readonly key: string } {
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', files.key];
  execFileSync('openssl', ['req', '-x509', '-days', '1', ...key, '-out', files.cert, ...subject], { stdio: 'ignore' });
  return files;
}
