// Owns what the tests' guests are made of between two runs: folders made once and kept.
// Must not know what is in them.
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

/** Where guests are kept between runs of the tests; VIRTDECK_TEST_CACHE names another place. */
export function guestCache(): string {
  // One per user: /tmp is everybody's, and a folder that somebody else made is not to be trusted or written.
  return process.env['VIRTDECK_TEST_CACHE'] ?? path.join(tmpdir(), `virtdeck-test-cache-${userInfo().uid}`);
}

/**
 * A folder made once and then kept: `build` fills a folder beside it, which is renamed when it is complete. Two test runs that
 * build at the same time both succeed; one of the results is thrown away.
 */
export async function cachedFolder(name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const target = path.join(guestCache(), name);
  if (await exists(target)) return target;
  await mkdir(guestCache(), { recursive: true, mode: 0o700 });
  const draft = await mkdtemp(path.join(guestCache(), 'draft-'));
  try {
    await build(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
  return target;
}

/** Whether `cachedFolder` has it already. */
export async function isCached(name: string): Promise<boolean> {
  return await exists(path.join(guestCache(), name));
}

async function exists(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  );
}
