import { chmod, mkdir } from 'node:fs/promises';

/** Makes `folder` and its missing parents, for its owner alone (0700) whatever the umask. An existing folder stays as it is. */
export async function makePrivateFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first !== undefined) await chmod(folder, 0o700);
}
