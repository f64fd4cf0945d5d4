// Owns health and version.
// Must not measure anything.
import { json, text } from './answer.ts';
import type { Parts, Route } from './exchange.ts';

/** kubectl compares this with its own version: what the API here follows. */
const kubernetes = { major: '1', minor: '34' };

export const healthRoutes: readonly Route[] = [
  ...['/healthz', '/readyz', '/livez'].map((path): Route => ({ method: 'GET', path, handle: () => text('ok') })),
  { method: 'GET', path: '/version', handle: (parts) => json(version(parts)) },
];

function version({ version: own }: Parts): object {
  return {
    ...kubernetes,
    gitVersion: `v${kubernetes.major}.${kubernetes.minor}.0+virtdeck-${own}`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: '',
    platform: `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  };
}
