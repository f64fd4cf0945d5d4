// Owns how the table of ready-made instance types and preferences becomes objects.
// Must not hold the table: resources/instancetypes.json does.
import { clusterInstancetypeKind, type InstancetypeSpec } from '../../api/kinds/instancetype.ts';
import { apiVersionOf } from '../../api/kinds/kind.ts';
import { clusterPreferenceKind, type PreferenceSpec } from '../../api/kinds/preference.ts';
import type { DraftObject } from '../../api/object.ts';

/** What a size adds to its series: processors, memory. */
type Size = readonly [vcpus: number, memory: string];

interface Series {
  readonly class: string;
  readonly displayName: string;
  readonly description: string;
  readonly sizes: Readonly<Record<string, Size>>;
  readonly spec: Omit<InstancetypeSpec, 'cpu' | 'memory'> & {
    readonly cpu?: Partial<InstancetypeSpec['cpu']>;
    readonly memory?: Partial<InstancetypeSpec['memory']>;
  };
}

export interface ReadyMadeTable {
  readonly series: Readonly<Record<string, Series>>;
  readonly preferences: Readonly<Record<string, { readonly displayName: string; readonly osType: string; readonly spec: PreferenceSpec }>>;
}

/** Objects with it are put right at every start; who removes it from one owns that one. */
export const managedLabel = { 'app.kubernetes.io/managed-by': 'virtdeck' } as const;

const prefix = 'instancetype.kubevirt.io';

export function readyMade({ series, preferences }: ReadyMadeTable): readonly DraftObject[] {
  return [
    ...Object.entries(series).flatMap(([name, row]) =>
      Object.entries(row.sizes).map(([size, amount]) => instancetype({ name, row, size, amount })),
    ),
    ...Object.entries(preferences).map(([name, { displayName, osType, spec }]): DraftObject => ({
      apiVersion: apiVersionOf(clusterPreferenceKind),
      kind: clusterPreferenceKind.kind,
      metadata: {
        name,
        labels: { ...managedLabel, [`${prefix}/os-type`]: osType },
        annotations: { 'openshift.io/display-name': displayName },
      },
      spec,
    })),
  ];
}

interface SizeOfSeries {
  readonly name: string;
  readonly row: Series;
  readonly size: string;
  readonly amount: Size;
}

function instancetype({ name, row, size, amount: [vcpus, memory] }: SizeOfSeries): DraftObject {
  return {
    apiVersion: apiVersionOf(clusterInstancetypeKind),
    kind: clusterInstancetypeKind.kind,
    metadata: {
      name: `${name}.${size}`,
      labels: {
        ...managedLabel,
        [`${prefix}/class`]: row.class,
        [`${prefix}/size`]: size,
        [`${prefix}/cpu`]: String(vcpus),
        [`${prefix}/memory`]: memory,
      },
      annotations: { [`${prefix}/displayName`]: row.displayName, [`${prefix}/description`]: row.description },
    },
    spec: { ...row.spec, cpu: { ...row.spec.cpu, guest: vcpus }, memory: { ...row.spec.memory, guest: memory } },
  };
}
