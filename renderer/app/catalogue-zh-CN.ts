// Owns the Simplified Chinese texts, one file a feature, named as the namespace, and the sentences of the core that they translate.
// Must not hold any text itself.
import core from '../messages/en/core.json';
import coreParts from '../messages/en/coreParts.json';
import { sourceNamespace } from './core-sentences.ts';

const files = import.meta.glob<object>('../messages/zh-CN/*.json', { eager: true, import: 'default' });

export const catalogue = {
  ...Object.fromEntries(Object.entries(files).map(([path, texts]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), texts])),
  [sourceNamespace]: { core, coreParts },
};
