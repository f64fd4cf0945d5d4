// Owns which mediated devices are to be made and removed, so that those are there which HyperConverged wants; and why some are not.
// Must not make any; the privileged program does.
import type { Cause } from '../../api/errors.ts';
import type { MdevDevice, MdevParent, MdevType } from '../../api/host-devices.ts';
import type { MediatedDevicesConfiguration, MediatedTypes, PermittedHostDevices } from '../../api/kinds/hyper-converged.ts';
import { isMdevType } from '../../api/mdev-type.ts';

export interface MediatedFacts {
  readonly parents: readonly MdevParent[];
  readonly mdevs: readonly MdevDevice[];
  /** uuid → `namespace/name` of the machine that has it. */
  readonly held: ReadonlyMap<string, string>;
  readonly permitted: PermittedHostDevices;
  /** Labels of the Node that a parent belongs to. */
  readonly labelsOf: (parent: MdevParent) => Readonly<Record<string, string>>;
}

export interface MediatedPlan {
  /** One for each device. */
  readonly make: readonly { readonly parent: string; readonly typeId: string }[];
  readonly remove: readonly string[];
  readonly causes: readonly Cause[];
}

const nothing: MediatedPlan = { make: [], remove: [], causes: [] };
const field = 'spec.mediatedDevicesConfiguration';

/** As KubeVirt does it: one type a card, types in turn over the cards, and of each as many as the card has room for. */
export function mediatedPlan(configuration: MediatedDevicesConfiguration | undefined, facts: MediatedFacts): MediatedPlan {
  if (configuration?.enabled === false) return nothing;
  const judged = facts.parents.toSorted((a, b) => a.name.localeCompare(b.name)).map((parent) => judge(configuration, facts, parent));
  const chosen = choose(judged);
  return {
    // What has to go first makes room: the card is looked at again then.
    make: [...chosen].flatMap(([{ parent }, { id, availableInstances }]) =>
      Array.from({ length: availableInstances }, () => ({ parent: parent.name, typeId: id })),
    ),
    remove: judged.flatMap(({ leaving }) => leaving.filter(({ uuid }) => !facts.held.has(uuid)).map(({ uuid }) => uuid)),
    causes: [
      ...wantedLists(configuration).flatMap(({ at, types }) =>
        types.flatMap((type, index) => missingCauses({ type, at: `${at}[${index}]` }, judged, chosen)),
      ),
      ...judged.flatMap((one) => [...waitingCauses(one, facts.held), ...takenCauses(one)]),
    ],
  };
}

/** For parents whose Node has these labels. */
function wantedTypes(configuration: MediatedDevicesConfiguration | undefined, labels: Readonly<Record<string, string>>): readonly string[] {
  if (configuration === undefined) return [];
  const { nodeMediatedDeviceTypes = [] } = configuration;
  const matching = nodeMediatedDeviceTypes.filter(({ nodeSelector }) =>
    Object.entries(nodeSelector).every(([label, value]) => labels[label] === value),
  );
  return matching.length === 0 ? typesIn(configuration) : [...new Set(matching.flatMap(typesIn))];
}

function typesIn({ mediatedDeviceTypes, mediatedDevicesTypes = [] }: MediatedTypes): readonly string[] {
  return mediatedDeviceTypes ?? mediatedDevicesTypes;
}

function wantedLists(
  configuration: MediatedDevicesConfiguration = {},
): readonly { readonly at: string; readonly types: readonly string[] }[] {
  const nameOf = (list: MediatedTypes): string => (list.mediatedDeviceTypes === undefined ? 'mediatedDevicesTypes' : 'mediatedDeviceTypes');
  return [
    { at: `${field}.${nameOf(configuration)}`, types: typesIn(configuration) },
    ...(configuration.nodeMediatedDeviceTypes ?? []).map((list, index) => ({
      at: `${field}.nodeMediatedDeviceTypes[${index}].${nameOf(list)}`,
      types: typesIn(list),
    })),
  ];
}

// ---------------------------------------------------------------- each card

interface Judged {
  readonly parent: MdevParent;
  /** Types of it that are wanted, in the order of the list. */
  readonly candidates: readonly MdevType[];
  /** Made by us, and wanted no more or not as they are. */
  readonly leaving: readonly MdevDevice[];
  /** Of a wanted type, and to stay. */
  readonly staying: readonly MdevDevice[];
  /** Somebody else's, of another type: KubeVirt leaves such a card alone. */
  readonly foreign: readonly MdevDevice[];
}

function judge(configuration: MediatedDevicesConfiguration | undefined, facts: MediatedFacts, parent: MdevParent): Judged {
  const wanted = wantedTypes(configuration, facts.labelsOf(parent));
  const isWanted = (mdev: MdevDevice): boolean => wanted.some((type) => isMdevType(typeOf(mdev), type));
  const isExternal = (mdev: MdevDevice): boolean =>
    (facts.permitted.mediatedDevices ?? []).some(
      ({ mdevNameSelector, externalResourceProvider }) => externalResourceProvider === true && isMdevType(typeOf(mdev), mdevNameSelector),
    );
  const here = facts.mdevs.filter((mdev) => mdev.parent === parent.name);
  // Its making was ended in the middle when we may not open it.
  const leaving = here.filter((mdev) => mdev.isOurs && !isExternal(mdev) && (!isWanted(mdev) || mdev.vfioAccess === false));
  const rest = here.filter((mdev) => !leaving.includes(mdev));
  return {
    parent,
    candidates: wanted.flatMap((type) => parent.types.filter((one) => isMdevType(one, type))),
    leaving,
    staying: rest.filter(isWanted),
    foreign: rest.filter((mdev) => !isWanted(mdev)),
  };
}

/** Of which type each card gets more. A card that has some of a wanted type keeps to it. */
function choose(judged: readonly Judged[]): ReadonlyMap<Judged, MdevType> {
  const chosen = new Map<Judged, MdevType>();
  const counts = new Map<string, number>();
  const take = (one: Judged, type: MdevType): void => {
    chosen.set(one, type);
    counts.set(type.id, (counts.get(type.id) ?? 0) + 1);
  };
  for (const one of judged) {
    const type = one.candidates.find(({ id }) => one.staying.some(({ typeId }) => typeId === id));
    if (type !== undefined) take(one, type);
  }
  for (const one of judged.filter(({ leaving, staying, foreign }) => leaving.length + staying.length + foreign.length === 0)) {
    const open = one.candidates.filter(({ availableInstances }) => availableInstances > 0);
    const [type] = open.toSorted((a, b) => (counts.get(a.id) ?? 0) - (counts.get(b.id) ?? 0));
    if (type !== undefined) take(one, type);
  }
  return chosen;
}

// ---------------------------------------------------------------- why not

interface WantedType {
  readonly type: string;
  readonly at: string;
}

function missingCauses({ type, at }: WantedType, judged: readonly Judged[], chosen: ReadonlyMap<Judged, MdevType>): readonly Cause[] {
  const able = judged.filter(({ parent }) => parent.types.some((one) => isMdevType(one, type)));
  if (able.length === 0) {
    return [
      {
        reason: 'MediatedTypeMissing',
        field: at,
        message: `No device of this computer makes mediated devices of type ${type}.`,
        fix: 'See the types that there are in Host devices; the driver of a card brings them.',
      },
    ];
  }
  const asked = able.filter(({ candidates }) => candidates.some((one) => isMdevType(one, type)));
  const isMade = asked.some((one) => [...one.staying.map(typeOf), ...typesChosen(one, chosen)].some((made) => isMdevType(made, type)));
  // What it waits for is told of below.
  const isWaiting = asked.some(({ leaving, foreign }) => leaving.length + foreign.length > 0);
  const others = asked.flatMap((one) => typesChosen(one, chosen).map(({ id }) => id));
  if (isMade || isWaiting || others.length === 0) return [];
  return [
    {
      reason: 'MediatedTypeShort',
      field: at,
      message: `No mediated device of type ${type} is made: a card has one type at a time, and every card that makes it makes ${[...new Set(others)].join(', ')}.`,
      fix: 'Take the other type off the list.',
    },
  ];
}

function typeOf({ typeId, typeName }: MdevDevice): Pick<MdevType, 'id'> & { readonly name: string | undefined } {
  return { id: typeId, name: typeName };
}

function typesChosen(one: Judged, chosen: ReadonlyMap<Judged, MdevType>): readonly MdevType[] {
  const type = chosen.get(one);
  return type === undefined ? [] : [type];
}

function waitingCauses({ leaving }: Judged, held: MediatedFacts['held']): readonly Cause[] {
  return leaving.flatMap(({ uuid, typeId }): readonly Cause[] => {
    const holder = held.get(uuid);
    if (holder === undefined) return [];
    const [namespace = '', name = ''] = holder.split('/');
    return [
      {
        reason: 'HostDeviceInUse',
        field,
        message: `The mediated device ${uuid} (${typeId}) is in use by the machine ${holder}, and goes when that stops.`,
        fix: 'Stop that machine.',
        actions: [{ type: 'StopMachine', namespace, name }],
      },
    ];
  });
}

function takenCauses({ parent, candidates, foreign, staying }: Judged): readonly Cause[] {
  if (candidates.length === 0 || staying.length > 0 || foreign.length === 0) return [];
  const types = [...new Set(foreign.map(({ typeId }) => typeId))].join(', ');
  return [
    {
      reason: 'MediatedParentTaken',
      field,
      message: `Nothing is made of ${parent.name}: somebody else has made mediated devices of type ${types} of it.`,
      fix: 'Remove those, or want their type.',
    },
  ];
}
