import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { makeCertificate } from '../helpers/certificate.js';
import { openWorld, type World } from '../helpers/world.js';

const SERVERS = ['-p sandbox listen', 'sandbox start'];

async function refusal(world: World, server: string, files: readonly string[]): Promise<string> {
  const argv = [
    ...server.split(' '),
    '--port',
    '0',
    '--tls-cert',
    ...files.slice(0, 1),
    '--tls-key',
    ...files.slice(1),
  ];
  // What is taken after all does not serve for ever.
  const outcome = await world.run([...argv, '-o', 'ndjson'], { signal: AbortSignal.timeout(4000) });
  expect(outcome.error).toMatchObject({ code: 'flag-invalid', exitCode: 2 });
  expect(outcome.stdout).toBe('');
  return (outcome.error as { readonly message: string }).message;
}

describe.each(SERVERS)('certificate and key of %s', (server) => {
  it('are named when they are none', async () => {
    const world = await openWorld();
    makeCertificate(world.home, 'one');
    makeCertificate(world.home, 'two');
    await world.write('text.pem', 'no certificate');
    await world.write('broken.pem', (await readFile(world.path('one.pem'), 'utf8')).replace(/\n.{20}/, '\n'));
    execFileSync('openssl', ['pkey', '-in', 'one.key', '-aes256', '-passout', 'pass:x', '-out', 'locked.key'], {
      cwd: world.home,
    });
    const said = async (...files: readonly string[]): Promise<string> => refusal(world, server, files);
    expect(await said('text.pem', 'one.key')).toBe('--tls-cert text.pem: holds no certificate in PEM');
    expect(await said('one.key', 'one.key')).toBe('--tls-cert one.key: holds no certificate in PEM');
    expect(await said('broken.pem', 'one.key')).toBe('--tls-cert broken.pem: holds no certificate in PEM');
    expect(await said('one.pem', 'text.pem')).toBe('--tls-key text.pem: holds no private key in PEM');
    expect(await said('one.pem', 'one.pem')).toBe('--tls-key one.pem: holds no private key in PEM');
    expect(await said('one.pem', 'two.key')).toBe('--tls-key two.key: is not the key of --tls-cert one.pem');
    expect(await said('one.pem', 'locked.key')).toBe('--tls-key locked.key: the key is encrypted');
  });

  it('are named with the reason when a server refuses them all the same', async () => {
    const world = await openWorld();
    const key = ['-newkey', 'rsa:512', '-nodes', '-keyout', 'short.key'];
    execFileSync('openssl', ['req', '-x509', '-days', '1', ...key, '-out', 'short.pem', '-subj', '/CN=short'], {
      cwd: world.home,
      stdio: 'ignore',
    });
    expect(await refusal(world, server, ['short.pem', 'short.key'])).toMatch(
      /^--tls-cert short\.pem: cannot be used with its key: .*key too small/,
    );
  });
});
