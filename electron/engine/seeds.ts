// Owns what is there from the first start on: the project `default` and the settings `default`.
// Must not touch what is there already.
import { apiVersionOf, type Kind } from '../api/kinds/kind.ts';
import { namespaceKind } from '../api/kinds/namespace.ts';
import { settingsKind } from '../api/kinds/settings.ts';
import type { DraftObject, ResourceId } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import type { Objects } from './objects.ts';
import type { StoreReader } from './ports.ts';

const seeds: readonly { readonly resource: ResourceId; readonly kind: Kind }[] = [
  { resource: resources.namespaces, kind: namespaceKind },
  { resource: resources.settings, kind: settingsKind },
];

export function plantSeeds(store: StoreReader, objects: Objects): void {
  for (const { resource, kind } of seeds) {
    if (store.get({ resource, name: 'default' }) !== undefined) continue;
    const draft: DraftObject = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { name: 'default' }, spec: {} };
    objects.create({ resource }, draft, { byCore: true });
  }
}
