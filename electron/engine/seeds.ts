// Owns what is there from the first start on: the project `default`, the settings `default`, HyperConverged, ready-made instance types and preferences.
// Must not touch what is there already, unless it is ready-made and still marked so.
import { apiVersionOf, type Kind, resourceId } from '../api/kinds/kind.ts';
import { hyperConvergedKind } from '../api/kinds/hyper-converged.ts';
import { namespaceKind } from '../api/kinds/namespace.ts';
import { kindNamed } from '../api/kinds/registry.ts';
import { settingsKind } from '../api/kinds/settings.ts';
import { managedLabel } from '../core/instancetype/ready-made.ts';
import { sameJson } from '../core/status/same-json.ts';
import type { DraftObject } from '../api/object.ts';
import type { Objects } from './objects.ts';
import type { Store, StoreReader } from './ports.ts';

const seeds: readonly Kind[] = [namespaceKind, settingsKind, hyperConvergedKind];

export function plantSeeds(store: StoreReader, objects: Objects): void {
  for (const kind of seeds) {
    const resource = resourceId(kind);
    const { name, ...home } = kind.only ?? { name: 'default' };
    if (store.get({ resource, ...home, name }) !== undefined) continue;
    const draft: DraftObject = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { ...home, name }, spec: {} };
    objects.create({ resource, ...home }, draft, { byCore: true });
  }
}

/**
 * As an operator keeps them on a cluster: missing ones are made, changed ones are put right. Machines keep revisions, so that none of it
 * touches a machine that is there. Cluster-wide kinds only.
 */
export function plantReadyMade(store: Store, objects: Objects, drafts: readonly DraftObject[]): void {
  store.transaction(() => {
    for (const draft of drafts) plant(store, objects, draft);
  });
}

const [[label, manager]] = Object.entries(managedLabel) as [[string, string]];

function plant(store: StoreReader, objects: Objects, draft: DraftObject): void {
  const kind = kindNamed(draft.apiVersion, draft.kind);
  const { name } = draft.metadata;
  if (kind === undefined || name === undefined) return;
  const key = { resource: resourceId(kind), name };
  const old = store.get(key);
  if (old === undefined) objects.create({ resource: key.resource }, draft, { byCore: true });
  else if (old.metadata.labels?.[label] === manager && !sameJson(old.spec, draft['spec'])) objects.update(key, draft);
}
