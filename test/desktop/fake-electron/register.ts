// Owns giving `import … from 'electron'` the fake beside it. Used as `node --import`.
// Must not change any other import.
import { registerHooks } from 'node:module';

const fake = new URL('electron.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: fake, shortCircuit: true } : next(specifier, context)),
});
